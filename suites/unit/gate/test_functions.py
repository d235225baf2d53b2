"""callgrind_annotate's text, typed after its manual, and what differs between two of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.gate.functions import difference, inclusive

RULE = "-" * 80
TEXT = f"""{RULE}
Profile data file 'callgrind.out.42.1' (creator: callgrind-3.19.0)
{RULE}
I1 cache:
Timerange: Basic block 0 - 58168
Trigger: Client Request
Profiled target:  python3 -m asrbench.gate.side (PID 42, part 1)
Events recorded:  Ir
Thresholds:       99.9
Auto-annotation:  on

{RULE}
Ir
{RULE}
1,363,038 (100.0%)  PROGRAM TOTALS

{RULE}
Ir                file:function
{RULE}
1,363,038 (100.0%)  ???:0x000000000001ab70 [/usr/lib/ld-linux-x86-64.so.2]
  843,144 (61.86%)  ???:speech::log_mel(std::span<float const, 1ul>) [/v/_native.so]
  240,863 (17.67%)  /src/fft.cpp:fft
  240,024 (17.61%)  ???:std::vector<int>::operator[](unsigned long) [/v/_native.so]
   90,962 ( 6.67%)  ???:operator new[](unsigned long) [/usr/lib/libstdc++.so.6]
   20,250 ( 1.49%)  a.c:rec'2 [/v/_native.so]
       12 ( 0.00%)  ./csu/../csu/libc-start.c:(below main) [/usr/lib/libc.so.6]

{RULE}
-- Auto-annotated source: a.c
{RULE}
"""


def test_functions_are_named_as_symbols_with_their_library() -> None:
    assert inclusive(TEXT) == {
        "0x000000000001ab70 [ld-linux-x86-64.so.2]": 1_363_038,
        "speech::log_mel(std::span<float const, 1ul>) [_native.so]": 843_144,
        "fft": 240_863,
        "std::vector<int>::operator[](unsigned long) [_native.so]": 240_024,
        "operator new[](unsigned long) [libstdc++.so.6]": 90_962,
        "rec'2 [_native.so]": 20_250,
        "(below main) [libc.so.6]": 12,
    }


def test_several_of_one_name_in_one_library_count_together() -> None:
    text = (
        "160,012 (44.08%)  b.c:work [/v/t.so]\n"
        " 80,012 (22.04%)  a.c:work [/v/t.so]\n"
        "      5 ( 0.00%)  a.c:work [/v/u.so]\n"
    )

    assert inclusive(text) == {"work [t.so]": 240_024, "work [u.so]": 5}


@pytest.mark.parametrize(
    "line",
    [
        "",
        ", (5%)  a.c:f",
        ",,, (5%)  a.c:f [/v/t.so]",
        "-1 (5%)  a.c:f",
        "1.5 (5%)  a.c:f",
        ". ( 0%)  a.c:f",
        "12 a.c:f",
        "12 (5%  a.c:f",
        "\u0661\u0662 (5%)  a.c:f",
        "9" * 5000 + " (5%)  a.c:f",
        "1,000 (100.0%)  PROGRAM TOTALS",
    ],
)
def test_a_line_that_is_no_functions_is_passed_over(line: str) -> None:
    assert inclusive(f"{line}\n7 (1%)  a.c:g\n") == {"g": 7}


@given(st.text())
def test_no_text_stops_it(text: str) -> None:
    assert all(count >= 0 for count in inclusive(text).values())


@given(st.text(alphabet="12,(%) :[]./ax\n", max_size=60))
def test_no_text_that_is_nearly_one_stops_it(text: str) -> None:
    assert all(count >= 0 for count in inclusive(text).values())


def test_differences_are_the_largest_first_and_what_is_alike_is_left_out() -> None:
    base = {"a": 100, "b": 100, "gone": 40, "same": 7}
    head = {"a": 90, "b": 200, "new": 40, "same": 7}

    assert difference(base, head) == [
        ("b", 100, 200), ("gone", 40, 0), ("new", 0, 40), ("a", 100, 90),
    ]  # fmt: skip


def test_only_so_many_differences_are_told() -> None:
    head = {f"f{n:02}": n for n in range(1, 40)}

    assert [row[0] for row in difference({}, head, most=3)] == ["f39", "f38", "f37"]
    assert len(difference({}, head)) == 20
    assert difference({}, {}) == []
