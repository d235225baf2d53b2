"""Rows become aligned lines that no cell can break out of."""

from __future__ import annotations

import pytest

from asrbench.cli.columns import columns, printable


def test_columns_are_as_wide_as_their_widest_cell() -> None:
    assert columns([("a", "long", "x"), ("bbb", "b", "")]) == "a    long  x\nbbb  b"


def test_a_cell_cannot_start_a_line_or_an_escape_sequence() -> None:
    text = columns([("a\nb", "\x1b[31mred\x9b", "\u202eright to left")])

    assert text == r"a\nb  \x1b[31mred\x9b  \u202eright to left"


def test_letters_of_any_language_are_left_alone() -> None:
    assert printable("naïve 日本 ÄÖ") == "naïve 日本 ÄÖ"


def test_rows_of_different_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        columns([("a", "b"), ("c",)])
