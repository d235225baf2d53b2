"""SIGTERM, by which a CI server ends a job, stops a verb as Ctrl-C does: it clears what it made."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Iterator
from types import FrameType


@contextlib.contextmanager
def by_sigterm() -> Iterator[None]:
    """Raise KeyboardInterrupt at the first SIGTERM while the context lasts, and ignore later ones.

    Only the main thread hears signals: in another one nothing is changed.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, _: FrameType | None) -> None:
    signal.signal(number, signal.SIG_IGN)  # or a second one would stop the clearing
    raise KeyboardInterrupt
