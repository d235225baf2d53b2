"""A verdict in words: how far it can be trusted, and a time of audio as an RTF."""

from dataclasses import replace

import pytest

from asrbench.gate.verdict import Gated
from asrbench.report.gate import wording
from asrbench.report.gate.explain import explain
from suites.unit.report.gates import TRUST, verdict


def test_trust_is_said_or_that_there_is_none() -> None:
    known = verdict("pass", trust=TRUST)
    seen = "false alarms 0.4 %, sees +3 % (2000 replays of 200 launches)"
    assert wording.trust(known) == seen
    assert "sees none of those tried" in wording.trust(
        replace(known, trust=replace(TRUST, visible=None))
    )
    assert wording.trust(verdict("pass")) == "not calibrated"


@pytest.mark.parametrize(
    ("metric", "words"),
    [("instructions", "exact"), ("my.figure", "exact"), ("answer", "exact")]
    + [(metric, "not calibrated") for metric in ("time", "load", "stage:encoder", "peak_memory")],
)
def test_what_is_exact_needs_no_calibration(metric: str, words: str) -> None:
    assert wording.trust(verdict("pass", metric=metric)) == words


def test_a_time_of_audio_is_told_as_a_real_time_factor_too() -> None:
    heard = verdict("regression", base=0.5, head=0.55, audio_s=10.0)

    assert wording.figures(heard) == "500.0 -> 550.0 ms (RTF 0.05 -> 0.055)"
    assert "RTF" not in wording.figures(replace(heard, audio_s=None))
    assert "RTF 0.05 -> 0.055" in "\n".join(explain(Gated((heard,)), heard.case))
