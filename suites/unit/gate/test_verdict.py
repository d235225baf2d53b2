"""The whole answer: which outcome goes before which, and what is refused as no verdict."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asrbench.gate.verdict import KINDS, OUTCOMES, Gated, Trust, Unmeasured, Verdict
from asrbench.measure.statistics import Estimate

LOST = Unmeasured("a", "head", "died", "signal 11")


def said(outcome: Any, required: bool = False, reason: str = "so") -> Verdict:
    return Verdict(
        "a", "time", "s", outcome, 1.0, 1.0, Estimate(0, 0, 0), 0.02, reason, required=required
    )


@given(st.lists(st.sampled_from(OUTCOMES)), st.booleans())
def test_unmeasured_goes_before_regression_before_inconclusive_before_pass(
    outcomes: list[Any], lost: bool
) -> None:
    code = Gated(tuple(map(said, outcomes)), (LOST,) if lost else ()).code

    if lost or not outcomes:
        assert code == 3
    elif "regression" in outcomes:
        assert code == 1
    else:
        assert code == (2 if "inconclusive" in outcomes else 0)


def test_nothing_judged_is_no_pass() -> None:
    assert Gated(()).code == 3


def test_an_improvement_is_well() -> None:
    assert Gated((said("improvement"), said("pass"))).code == 0


def test_inconclusive_warns_only_where_nothing_inconclusive_is_required() -> None:
    open_, needed = said("inconclusive"), said("inconclusive", required=True)

    assert Gated((open_, said("pass", required=True))).warns_only
    assert not Gated((open_, needed)).warns_only
    assert not Gated((open_, said("regression"))).warns_only
    assert not Gated((open_,), (LOST,)).warns_only
    assert not Gated((said("pass"),)).warns_only


def test_an_outcome_that_is_none_and_a_missing_reason_are_refused() -> None:
    with pytest.raises(ValueError, match="outcome is 'slow'; expected one of"):
        said("slow")
    with pytest.raises(ValueError, match="a time: no reason; expected one"):
        said("pass", reason="")


def test_a_kind_that_nobody_knows_is_refused() -> None:
    kind: Any = "odd"
    with pytest.raises(ValueError, match="kind is 'odd'; expected one of"):
        Unmeasured("a", "base", kind, "why")
    assert [Unmeasured("a", "base", kind, "why").kind for kind in KINDS] == list(KINDS)


@pytest.mark.parametrize("share", [-0.1, 1.1, math.nan])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match=r"false_alarms is .*; expected a share"):
        Trust(share, None, 500, 200)


@pytest.mark.parametrize("audio_s", [0.0, -1.0, math.nan])
def test_audio_has_a_length(audio_s: float) -> None:
    unchanged = Estimate(0, 0, 0)
    with pytest.raises(ValueError, match="expected more than zero"):
        Verdict("a", "time", "s", "pass", 1.0, 1.0, unchanged, 0.02, "so", audio_s=audio_s)
