"""Run files of any bytes: refused as RunError, or a Run that survives writing and reading."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

from asrbench import RunError
from asrbench.measure import run_file

INSTRUMENT = ("asrbench.measure", "asrbench.workload", "json")
FOLDER = tempfile.TemporaryDirectory(prefix="asrbench-fuzz-")
FILE = Path(FOLDER.name, "run.json")


def one_input(data: bytes) -> None:
    """Read the Run, and what it becomes as JSON."""
    FILE.write_bytes(data)
    try:
        run = run_file.read(FILE)
    except RunError:
        return
    assert run_file.from_json(run_file.to_json(run)) == run


SAMPLES = {
    "metric": "latency",
    "unit": "s",
    "better": "lower",
    "values": [0.5, 0.25],
    "item": [0, 0],
    "launch": [0, 1],
    "block": None,
    "at_s": None,
    "counts": {"words": 3},
}
CASE = {
    "name": "speech/native/light",
    "workload": "speech",
    "engine": "native",
    "scenario": "single-stream",
    "amount": {"value": 2.5, "unit": "audio_s"},
    "check": {"passed": True, "detail": "equal"},
    "samples": [SAMPLES],
    "kept": 1,
}
RUN = {
    "schema": run_file.SCHEMA,
    "partial": False,
    "environment": {"cpu": "one"},
    "items": [{"id": "light", "amount": {"value": 2.5, "unit": "audio_s"}, "reference": "a"}],
    "errors": [{"case": "c", "item": None, "kind": "refused", "message": "m"}],
    "cases": [CASE],
}


def seeds() -> Iterator[bytes]:
    """Yield a Run with everything, one with nothing, and some of other versions."""
    yield json.dumps(RUN).encode()
    yield json.dumps({**RUN, "items": [], "errors": [], "cases": []}).encode()
    yield json.dumps({**RUN, "schema": "asrbench.run/2"}).encode()
    yield json.dumps({**RUN, "cases": [{**CASE, "check": None, "samples": []}]}).encode()
    yield b"[]"
