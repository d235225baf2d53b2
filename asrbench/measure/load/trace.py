"""What the load generator's trace says of each request: when it was due, issued and answered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

FILE = "mlperf_log_trace.json"

_SAMPLE = re.compile(  # a line a request, written once it is answered
    rb'\{"name":"Sample","cat":"default","ph":"b","pid":\d+,"id":\d+,"ts":(?P<ts>[0-9.]+),'
    rb'"args":\{"sample_seq":(?P<sequence>\d+),"query_seq":(?P<query>\d+),'
    rb'"sample_idx":(?P<index>\d+),"issue_start_ns":(?P<issued>-?\d+),'
    rb'"complete_ns":(?P<complete>-?\d+)\}\}'
)


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it went.

    `sequence` counts the requests in the order of their schedule, `query` the groups that are asked
    at once, `index` is the number of its item. `due_s` is when it was scheduled, in seconds from
    the origin of the trace; `delay_s` is how much later the generator issued it and `latency_s` how
    much later it was answered, both from `due_s`.
    """

    sequence: int
    query: int
    index: int
    due_s: float
    delay_s: float
    latency_s: float


class Trace:
    """A trace file that is still being written; each read takes what is new and whole in it."""

    def __init__(self, path: Path) -> None:
        """Begin at the start of the file, which need not be there yet."""
        self._path = path
        self._offset = 0

    def read(self) -> list[Request]:
        """Return the requests answered since the last read; a line cut short is left for later."""
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._offset)
            new = file.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._offset += len(whole)
        return [
            Request(
                sequence=int(found["sequence"]),
                query=int(found["query"]),
                index=int(found["index"]),
                due_s=float(found["ts"]) * 1e-6,
                delay_s=int(found["issued"]) * 1e-9,
                latency_s=int(found["complete"]) * 1e-9,
            )
            for found in _SAMPLE.finditer(whole)
        ]
