"""A policy: what it refuses, and which of its entries holds."""

import math
from typing import Any

import pytest

from asrbench.errors import PolicyError
from asrbench.gate.metrics import METRICS, metric
from asrbench.gate.policy import Policy, Rule, Terms, line_of, parse, to_json

HEAD = "[[tool.asrbench.gate.policy]]"
TIME = METRICS["time"]


def refused(entries: Any, text: str) -> str:
    """What the refusal of a policy says."""
    with pytest.raises(PolicyError) as caught:
        parse(entries, text, "pyproject.toml")
    return str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "written", "expected"),
    [
        ("effect", "3 %", '"3 %"', "expected a number, 0 or more"),
        ("effect", -0.1, "-0.1", "expected a number, 0 or more"),
        ("effect", True, "true", "expected a number, 0 or more"),
        ("least", math.nan, "nan", "expected a number, 0 or more"),
        ("least", [1], "[1]", "expected a number, 0 or more"),
        ("budget", math.inf, "inf", "expected a number, 0 or more"),
        ("budget", 1e18, "1e18", "expected a number, 0 or more"),
        ("ignore", 1, "1", "expected true or false"),
        ("required", "yes", '"yes"', "expected true or false"),
        ("case", "", '""', "expected a pattern"),
        ("case", 3, "3", "expected a pattern"),
        ("metric", ["time"], '["time"]', "expected a pattern"),
        ("metric", "tiem", '"tiem"', "matches none; expected one of"),
        ("efect", 0.1, "0.1", "expected one of"),
    ],
)
def test_a_refusal_names_file_line_key_value_and_what_was_expected(
    key: str, value: object, written: str, expected: str
) -> None:
    text = f'[project]\nname = "x"\n\n{HEAD}\ncase = "a"\n\n{HEAD}\n# why\n{key} = {written}\n'
    said = refused([{"case": "a"}, {key: value}], text)

    assert said.startswith("pyproject.toml, line 9: ")
    assert key in said
    assert repr(value if key != "efect" else key) in said
    assert expected in said


@pytest.mark.parametrize("entries", [3, "time", {"metric": "time"}, None])
def test_a_policy_that_is_no_list_of_tables_is_refused(entries: object) -> None:
    said = refused(entries, f"\n[tool.asrbench.gate]\n[{HEAD[2:-2]}]\nmetric = 'time'\n")

    assert said.startswith("pyproject.toml, line 3: ")
    assert repr(entries) in said
    assert f"expected {HEAD} entries" in said


def test_an_entry_that_is_no_table_is_refused() -> None:
    said = refused([{}, "time"], "[tool.asrbench.gate]\npolicy = [{}, 'time']\n")

    assert said == "pyproject.toml, line 2: policy entry 1 is 'time'; expected a table"


@pytest.mark.parametrize("pattern", ["*", "time", "[pt]*", "stage:*", "stage:encoder", "my.figure"])
def test_a_metrics_pattern_may_match_known_ones_stages_and_figures_with_a_dot(pattern: str) -> None:
    assert parse([{"metric": pattern}], HEAD, "x").rules == (Rule(metric=pattern),)


def test_the_line_is_that_of_the_right_entry() -> None:
    text = "\n".join(
        [
            f"# {HEAD} effect = 1",
            "[tool.other]",
            "effect = 1",
            f"  {HEAD}  # first",
            "effect = 1",
            f"[[ {HEAD[2:-2]} ]]",
            '"effect" = 2',
            "effects = 3",
            "least=4",
            "[tool.more]",
            "budget = 5",
            "[[tool.asrbench.gate.policy_of_another]]",
            "effect = 6",
            HEAD,
            "ignore = true",
        ]
    )

    assert [line_of(text, n, "effect") for n in range(3)] == [5, 7, 14]
    assert line_of(text, 1, "least") == 9
    assert line_of(text, 1, "budget") == 6  # not there: the entry's own
    assert line_of(text, 2, "ignore") == 15


def test_the_line_of_an_inline_entry_is_that_of_the_list() -> None:
    text = "[tool.other]\npolicy = 1\n[tool.asrbench.gate]\n  policy = [\n {effect = 'x'},\n]\n"

    assert line_of(text, 0, "effect") == 4
    assert line_of(text, 7, "effect") == 4
    assert line_of("a = 1\n", 0, "effect") == 1


def test_only_newlines_end_lines() -> None:
    assert line_of(f"# a\u2028b\x85c\r\n{HEAD}\r\neffect = 1\r\n", 0, "effect") == 3


def test_without_rules_a_metrics_own_terms_hold() -> None:
    for one in (*METRICS.values(), metric("stage:encoder")):
        assert Policy().terms("a", one) == Terms(one.effect, one.least)


def test_later_entries_win_key_by_key() -> None:
    policy = parse(
        [
            {"effect": 0.1, "least": 1.0, "required": True},
            {"case": "speech/*", "effect": 0.2, "budget": 3},
            {"case": "speech/slow", "effect": 0.3, "required": False},
        ],
        HEAD,
        "x",
    )

    assert policy.terms("kernels/a", TIME) == Terms(0.1, 1.0, required=True)
    assert policy.terms("speech/a", TIME) == Terms(0.2, 1.0, 3, required=True)
    assert policy.terms("speech/slow", TIME) == Terms(0.3, 1.0, 3)


def test_false_and_zero_win_over_what_was_said_before() -> None:
    policy = parse([{"ignore": True, "effect": 0.5}, {"ignore": False, "effect": 0}], HEAD, "x")

    assert policy.terms("a", TIME) == Terms(0.0, TIME.least)


def test_a_rule_speaks_of_what_both_patterns_match() -> None:
    policy = Policy((Rule("speech/*", "stage:*", ignore=True),))

    assert policy.terms("speech/a", metric("stage:encoder")).ignore
    assert not policy.terms("speech/a", TIME).ignore
    assert not policy.terms("Speech/a", metric("stage:encoder")).ignore
    assert not policy.terms("kernels/a", metric("stage:encoder")).ignore


def test_the_floor_raises_a_metrics_effect_and_not_one_that_is_named() -> None:
    named = Policy((Rule(case="named", effect=0.01),))

    assert named.terms("other", TIME, floor=0.07).effect == 0.07
    assert named.terms("other", TIME, floor=0.001).effect == TIME.effect
    assert named.terms("named", TIME, floor=0.07).effect == 0.01


def test_a_policy_as_json_is_read_again_as_it_was() -> None:
    entries = [{"case": "a*", "metric": "time", "effect": 0.0}, {"case": "*", "metric": "p95"}]

    assert to_json(parse(entries, HEAD, "x")) == entries


@pytest.mark.parametrize(
    ("rules", "judged"),
    [
        ([], False),
        ([Rule(effect=0.1)], False),
        ([Rule(metric="time")], False),
        ([Rule(metric="rtf")], True),
        ([Rule(metric="rt*", budget=0.1)], True),
        ([Rule(case="other", metric="rtf")], False),
        ([Rule(metric="rtf", budget=0.1), Rule(ignore=True)], False),
    ],
)
def test_a_real_time_factor_is_judged_where_a_rule_names_it(
    rules: list[Rule], judged: bool
) -> None:
    assert Policy(tuple(rules)).judges("a", METRICS["rtf"]) is judged


def test_any_other_metric_is_judged_unless_it_is_ignored() -> None:
    assert Policy().judges("a", TIME)
    assert Policy().judges("a", metric("stage:encoder"))
    assert not Policy((Rule(metric="time", ignore=True),)).judges("a", TIME)
