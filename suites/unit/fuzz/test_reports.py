"""What Valgrind and perf print becomes a verdict and a drawing."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest

from asrbench.fuzz import flame, helgrind, memcheck, remarks

ERROR = """<error><kind>{kind}</kind><what>bad</what><stack>
<frame><obj>/usr/lib/libc.so.6</obj><fn>memcpy</fn></frame>
<frame><obj>{obj}</obj><fn>decode</fn><file>a.cpp</file><line>7</line></frame></stack></error>"""


def report(folder: Path, *objects: str) -> Path:
    errors = "".join(ERROR.format(kind="InvalidRead", obj=obj) for obj in objects)
    path = folder / "report.xml"
    path.write_text(f"<valgrindoutput>{errors}</valgrindoutput>")
    return path


def test_an_error_with_a_frame_of_ours_fails(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = report(tmp_path, "/x/_native.cpython-311.so", "/y/numpy.so")

    assert memcheck.main([str(path), "_native.cpython"]) == 1
    assert capsys.readouterr().out == (
        "InvalidRead: bad\n    decode a.cpp:7\nmemcheck: 1 errors in _native.cpython, 1 elsewhere\n"
    )


def test_errors_of_others_do_not(tmp_path: Path) -> None:
    assert memcheck.main([str(report(tmp_path, "/y/numpy.so")), "_native.cpython"]) == 0


def test_a_report_that_was_cut_is_no_pass(tmp_path: Path) -> None:
    path = tmp_path / "report.xml"
    path.write_text("<valgrindoutput><error>")

    with pytest.raises(ET.ParseError):
        memcheck.main([str(path), "_native"])


def test_locks_in_two_orders_fail_and_a_suspected_race_is_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "helgrind.xml"
    errors = [ERROR.format(kind=kind, obj="/x/replay") for kind in ("Race", "LockOrder", "Race")]
    path.write_text(f"<valgrindoutput>{''.join(errors)}</valgrindoutput>")

    assert helgrind.main([str(path)]) == 1
    assert capsys.readouterr().out == (
        "LockOrder: bad\n    decode a.cpp:7\n"
        "helgrind: 1 errors of locks; 2 races suspected, for TSan to judge\n"
    )


def test_suspected_races_alone_do_not(tmp_path: Path) -> None:
    path = tmp_path / "helgrind.xml"
    path.write_text(f"<valgrindoutput>{ERROR.format(kind='Race', obj='a')}</valgrindoutput>")

    assert helgrind.main([str(path)]) == 0


REMARKS = """\
/x/native/a.cpp:7:1: optimized: loop vectorized using 16 byte vectors
/x/native/a.cpp:7:1: missed: couldn't vectorize loop
/x/native/a.cpp:9:1: missed: couldn't vectorize loop
/x/native/a.cpp:9:1: missed: not vectorized: control flow in loop.
/usr/include/c++/12/bits/stl_algo.h:3:1: missed: couldn't vectorize loop
"""


def test_a_loop_counts_once_and_only_our_own_count(capsys: pytest.CaptureFixture[str]) -> None:
    assert remarks.main(["/x/native"], REMARKS.splitlines()) == 0
    assert capsys.readouterr().out == (
        "a.cpp: 1 of 2 loops vectorised; not at 9:1\nremarks: 1 of 2 loops vectorised, in 1 files\n"
    )


def test_a_log_without_remarks_measures_nothing() -> None:
    assert remarks.main(["/x/native"], ["ninja: no work to do."]) == 3


STACKS = """replay 1 1.0: 2004008 cpu-clock:
\t    55d0 inner<int>(a, b)+0x10 (/x/replay)
\t    55d1 main+0x3 (/x/replay)

replay 1 1.1: 2004008 cpu-clock:
\t    55d1 main+0x9 (/x/replay)
"""


def test_stacks_are_counted_from_the_outside_in() -> None:
    seen = flame.stacks(STACKS.splitlines())

    assert seen == Counter({("main", "inner<int>(a, b)"): 1, ("main",): 1})
    assert dict(flame.hottest(seen)) == {"inner<int>(a, b)": 0.5, "main": 0.5}


def test_functions_of_one_caller_stand_side_by_side() -> None:
    seen: Counter[flame.Stack] = Counter({("main", "a"): 1, ("main", "b"): 2, ("main", "c"): 1})

    drawn = ET.fromstring(flame.svg(seen, "three"))

    places = {g[0].text: float(g[1].get("x", "-1")) for g in drawn if g.tag.endswith("g")}
    assert places == {"main: 100.00%": 0, "a: 25.00%": 0, "b: 50.00%": 300, "c: 25.00%": 900}


def test_the_drawing_is_xml_whose_widths_are_shares() -> None:
    drawn = ET.fromstring(flame.svg(flame.stacks(STACKS.splitlines()), "a <b>"))

    boxes = {g[0].text: float(g[1].get("width", "0")) for g in drawn if g.tag.endswith("g")}
    assert boxes == {"main: 100.00%": 1200.0, "inner<int>(a, b): 50.00%": 600.0}
