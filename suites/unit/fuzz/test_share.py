"""Which inputs are asked for the dear work: a share of them, always the same, or all."""

from __future__ import annotations

import pytest

from asrbench.fuzz import share

INPUTS = [number.to_bytes(2, "little") for number in range(4000)]


def test_about_one_in_four_is_chosen_and_always_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(share.THOROUGH, raising=False)

    chosen = [data for data in INPUTS if share.chosen(data, one_in=4)]

    assert len(chosen) == pytest.approx(len(INPUTS) / 4, rel=0.15)
    assert chosen == [data for data in INPUTS if share.chosen(data, one_in=4)]


def test_a_thorough_process_chooses_every_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(share.THOROUGH, "1")

    assert all(share.chosen(data, one_in=4) for data in INPUTS)
