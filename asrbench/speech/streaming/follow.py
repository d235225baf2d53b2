"""Follows a stream chunk by chunk: each event as soon as the session says it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asrbench.engine import Event, Session
from asrbench.speech.audio import Pcm


def follow(session: Session[Pcm], chunks: Iterable[Pcm]) -> Iterator[Event]:
    """Push every chunk, then finish; yield what the session says meanwhile.

    Chunks are float32, mono, 16 kHz, of any lengths: a file in pieces, a microphone, a socket. What
    is committed does not depend on how they are cut. Raises what the session raises.
    """
    for chunk in chunks:
        yield from session.push(chunk)
    yield from session.finish()
