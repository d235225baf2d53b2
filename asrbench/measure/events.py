"""Events: a line of JSON for every call as it happens, whole on the disk before the next begins."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from asrbench.measure.call import Call, Listener


@contextmanager
def events(path: Path, engine: str) -> Iterator[Listener]:
    """Give a listener that appends a line a call to a new file at `path`, while the context lasts.

    A line is one write to the file, without a buffer
    of ours: whatever ends the process, Ctrl-C too, leaves whole lines. Raises OSError at once where
    the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb", buffering=0) as file:

        def listen(call: Call) -> None:
            row = event(call, engine, datetime.now(timezone.utc))
            file.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")

        yield listen


def event(call: Call, engine: str, now: datetime) -> dict[str, Any]:
    """Return a call as JSON values; `now` is when it was over.

    `audio_s` and `rtf` are null where the work is not audio, `text` where the output is no text and
    has none. `at` is when the call began, UTC.
    """
    said = getattr(call.output, "text", call.output)
    audio_s = call.amount.value if call.amount.unit == "audio_s" else None
    row = {
        "id": call.item,
        "engine": engine,
        "audio_s": audio_s,
        "latency_ms": round(1000 * call.took_s, 6),
        "rtf": None if audio_s is None else call.took_s / audio_s,
        "text": said if isinstance(said, str) else None,
        "status": call.status,
        "pass": call.block,
        "at": (now - timedelta(seconds=call.took_s)).isoformat(timespec="milliseconds"),
    }
    return {**row, "message": call.message} if call.message else row
