"""The trace is read while it is written: whole lines only, and from each when it was due."""

from pathlib import Path

from asrbench.measure.load.trace import Request, Trace

FIRST = (  # as mlcommons-loadgen 6.0.17 writes them
    b'{"traceEvents":[\n'
    b'{"name":"IssueQuery","ph":"X","pid":7,"tid":7,"ts":141.760,"dur":23.846,"args":{}},\n'
    b'{"name":"Latency","ph": "C","pid":7,"ts":141.400,"args":{ "issue_delay":220,'
    b'"issue_to_done":10232132}},\n'
    b'{"name":"Sample","cat":"default","ph":"b","pid":7,"id":0,"ts":141.400,"args":{"sample_seq":0,'
    b'"query_seq":0,"sample_idx":7,"issue_start_ns":220,"complete_ns":10232352}},\n'
    b'{"name":"Sample","cat":"default","ph":"e", "pid":7,"id":0,"ts":10373.752},\n'
)
SECOND = (
    b'{"name":"Sample","cat":"default","ph":"b","pid":7,"id":1,"ts":2500000.000,"args":{'
    b'"sample_seq":1,"query_seq":1,"sample_idx":3,"issue_start_ns":5000000,'
    b'"complete_ns":1500000000}},\n'
)


def test_a_request_says_when_it_was_due_and_how_long_it_took_from_there(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    path.write_bytes(FIRST + SECOND)

    assert Trace(path).read() == [
        Request(0, 0, 7, due_s=141.4e-6, delay_s=220e-9, latency_s=0.010232352),
        Request(1, 1, 3, due_s=2.5, delay_s=0.005, latency_s=1.5),
    ]


def test_a_line_cut_short_is_read_once_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "trace.json"
    trace = Trace(path)

    assert trace.read() == []  # not there yet
    path.write_bytes(FIRST + SECOND[:150])
    assert [request.sequence for request in trace.read()] == [0]
    assert trace.read() == []
    path.write_bytes(FIRST + SECOND)
    assert [request.sequence for request in trace.read()] == [1]
