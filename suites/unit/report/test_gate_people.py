"""What people read of a gate, on a terminal, in a comment and of one case, has all that it said."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from rich.console import Console

from asrbench.errors import OptionError
from asrbench.gate.verdict import Gated, Trust, Unmeasured, Verdict
from asrbench.measure.statistics import Estimate
from asrbench.report.gate import wording
from asrbench.report.gate.explain import explain
from asrbench.report.gate.functions import narrowest, spent
from asrbench.report.gate.markdown import LONGEST, markdown
from asrbench.report.gate.terminal import show
from suites.unit.report.gates import HOSTILE, answers, gated, launches, renamed, verdict

COMMAND = re.compile(r"^\s*(::|##\[)", re.MULTILINE)


def shown(answer: Gated, width: int = 200, verbose: bool = False) -> str:
    out = io.StringIO()
    show(answer, Console(file=out, width=width, color_system=None), verbose)
    return out.getvalue()


class Tags(HTMLParser):
    """The tags of rendered Markdown, <code> aside, and its text."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""
        self.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(source))

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        assert not attributes, (tag, attributes)
        self.tags += [] if tag == "code" else [tag]

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (Estimate(0.051, 0.042, 0.06), "+5.1 % (4.2 to 6.0)"),
        (Estimate(-0.0001, -0.01, 0.009), "+0.0 % (-1.0 to 0.9)"),
        (Estimate(0.01, 0.01, 0.01), "+1.00 %"),
        (Estimate(9.0, 9.0, 9.0), "+900.00 %"),
        (Estimate(11.0, 10.0, 12.0), "12 times"),
        (Estimate(float("inf"), 0.0, float("inf")), "from none"),
    ],
)
def test_a_change_has_its_sign_and_its_interval(change: Estimate, words: str) -> None:
    assert wording.change(change) == words


@pytest.mark.parametrize(
    ("base", "head", "unit", "words"),
    [
        (0.0012, 0.001261, "s", "1.200 -> 1.261 ms"),
        (0.9995, 1.0004, "s", "0.9995 -> 1.000 s"),
        (64 * 2.0**20, 64.5 * 2**20, "bytes", "64.00 -> 64.50 MiB"),
        (300 * 2.0**10, 310 * 2.0**10, "bytes", "300.0 -> 310.0 KiB"),
        (0.0312, 0.034, "fraction", "3.120 -> 3.400 %"),
        (0.05123, 0.05223, "s/s", "0.05123 -> 0.05223"),
        (12.0, 14.0, "times", "12 -> 14 times"),
        (1_234_567.0, 1_246_912.0, "instructions", "1,234,567 -> 1,246,912 instructions"),
        (0.0, 0.0, "s", "0 -> 0 ns"),
    ],
)
def test_both_values_have_one_unit(base: float, head: float, unit: str, words: str) -> None:
    assert wording.values(base, head, unit) == words


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Gated((verdict("pass"),)), "pass: 1 pass; exit code 0"),
        (Gated((verdict("regression"), verdict("pass"))), "regression: 1 regression, 1 pass; exit"),
        (Gated((verdict("inconclusive"),)), "inconclusive, on nothing that is required: 1 inconc"),
        (Gated((verdict("inconclusive", required=True),)), "inconclusive: 1 inconclusive; exit co"),
        (Gated(()), "could not measure: nothing was judged; exit code 3"),
        (
            Gated((verdict("pass"),), (Unmeasured(None, "head", "build", "no"),)),
            "could not measure: 1 pass, 1 not measured; exit code 3",
        ),
    ],
)
def test_the_last_line_is_the_outcome(answer: Gated, words: str) -> None:
    *_, last = shown(answer).splitlines()

    assert last.startswith(words)
    assert last.endswith(f"exit code {answer.code}")
    assert wording.conclusion(answer) in Tags(markdown(answer)).text


def test_a_terminal_has_what_matters_first_and_passes_in_a_line() -> None:
    text = shown(gated())
    order = ["2 regressions", "1 inconclusive", "1 improvement", "1 not measured", "pass  ", "note"]

    assert [text.index(word) for word in order] == sorted(text.index(word) for word in order)
    for words in ("+5.1 % (4.2 to 6.0)", "1.200 -> 1.261 ms", "6 + 10", "false alarms 0.4 %"):
        assert words in text
    assert "in copy: +9,500 instructions" in text
    assert "pass  echo/encoder: time +0.2 % (-0.7 to 1.1)\n" in text
    assert "it is pass" not in text
    assert "it is pass" in shown(gated(), verbose=True)


def test_the_largest_change_comes_first_and_what_is_required_before_it() -> None:
    def sized(outcome: str, *changes: float) -> list[Verdict]:
        return [verdict(outcome, f"{c}", change=Estimate(c, c, c)) for c in changes]

    slow, fast = sized("regression", 0.03, 0.3, 0.05), sized("improvement", -0.03, -0.3, -0.05)
    open_ = [*sized("inconclusive", 0.3, 0.03), verdict("inconclusive", "must", required=True)]
    answer = Gated((*slow, *fast, *open_))

    assert [v.case for v in wording.of(answer, "regression")] == ["0.3", "0.05", "0.03"]
    assert [v.case for v in wording.of(answer, "improvement")] == ["-0.3", "-0.05", "-0.03"]
    assert [v.case for v in wording.of(answer, "inconclusive")] == ["must", "0.3", "0.03"]


@pytest.mark.parametrize("width", [20, 40, 80])
def test_a_narrow_terminal_folds_and_cuts_nothing(width: int) -> None:
    answer = renamed(gated(), "a_rather_long_name_of_a_case")
    cells = re.sub(r"[^\w]", "", shown(answer, width))

    assert "…" not in shown(answer, width)
    for one in wording.of(answer, "regression"):
        assert re.sub(r"[^\w]", "", one.reason) in cells


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_moves_a_terminal_or_begins_a_line(name: str) -> None:
    for text in (
        shown(renamed(gated(), name), 60, verbose=True),
        "\n".join(explain(renamed(gated(), name), f"{name}3")),
        "\n".join(explain(renamed(gated(), name), f"{name}0")),
    ):
        assert not COMMAND.search(text)
        assert not [c for c in text if not c.isprintable() and c != "\n"]


@settings(deadline=None)
@given(answers())
def test_whatever_a_gate_says_can_be_shown(answer: Gated) -> None:
    text = shown(answer, 400, verbose=True)

    for one in answer.verdicts:
        assert wording.printable(one.reason) in text
    for unmeasured in answer.unmeasured:
        assert wording.printable(unmeasured.message) in text
    for note in answer.notes:
        assert f"note  {wording.printable(note)}".rstrip() in text
    Tags(markdown(answer))
    for case in {one.case for one in answer.verdicts}:
        explained = "\n".join(explain(answer, case))
        for one in answer.verdicts:
            assert one.case != case or wording.printable(one.reason) in explained


def test_a_comment_has_what_matters_first_and_passes_folded() -> None:
    page = Tags(markdown(gated()))
    order = ["2 regressions", "in copy", "1 inconclusive", "1 not measured", "1 improvement"]
    order += ["echo/new is new", "2 passes", "it is pass"]

    text = page.text.split("exit code 3", 1)[1]
    places = [text.index(word) for word in order]
    assert places == sorted(places)
    assert page.tags.count("table") == 5
    assert page.tags.count("details") == 1
    for words in ("+5.1 % (4.2 to 6.0)", "1.200 -> 1.261 ms", "6 + 10", "not calibrated"):
        assert words in page.text


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_adds_nothing_to_a_comment(name: str) -> None:
    page = Tags(markdown(renamed(gated(), name)))

    assert page.tags == Tags(markdown(gated())).tags
    assert f"{wording.printable(name)}3" in page.text


@pytest.mark.parametrize("name", ["case", "<" * 400, "\U0001f600" * 5000, "|\n" * 300])
@pytest.mark.parametrize("count", [1, 60, 900])
def test_a_comment_is_never_too_long_and_counts_what_it_leaves_out(name: str, count: int) -> None:
    outcomes = ("regression", "inconclusive", "improvement", "pass")
    answer = Gated(
        tuple(verdict(o, f"{n}{name}", reason=name) for o in outcomes for n in range(count)),
        tuple(Unmeasured(name, "head", "died", name) for _ in range(count)),
        (name,) * count,
        settings={"base": name, "head": name},
    )
    source = markdown(answer)
    page = Tags(source)

    assert len(source) <= LONGEST
    assert page.tags.count("details") == page.text.count("</details>") + 1
    entries = page.tags.count("tr") - page.tags.count("table") + page.tags.count("li")
    left = [int(more) for more in re.findall(r"^and (\d+) more$", source, re.MULTILINE)]
    assert entries + sum(left) == 6 * count
    assert wording.counted(count, "regression") in page.text


def test_of_what_finds_no_room_passes_go_first() -> None:
    many = [verdict("pass", f"p{n}") for n in range(2000)] + [verdict("regression", "slow")]
    page = Tags(markdown(Gated(tuple(many))))

    assert "it is regression" in page.text
    assert re.search(r"and \d+ more", page.text)


def test_a_case_is_explained_launch_by_launch() -> None:
    lines = explain(gated(), "echo/log_mel")
    dots = [line for line in lines if re.match(r" +\d+ +[+-]", line)]

    assert [int(line.split()[0]) for line in dots] == list(range(1, 17))
    assert ["x" in line for line in dots] == [False] * 6 + [True] * 10
    for line in dots:
        assert line.index("|") < line.index(":") < re.search("[ox]", line).start()  # type: ignore[union-attr]
    (band,) = [line for line in lines if "[==" in line]
    assert band.index("[") < band.index("*") < band.index("]")
    assert band.index(":") < band.index("[")


def test_a_dot_stands_where_its_change_is() -> None:
    flat = tuple(
        replace(one, base=1.0, head=1.0 + 0.0099 * n) for n, one in enumerate(launches(5, 0))
    )
    one = verdict("pass", change=Estimate(0.02, 0.0, 0.04), effect=0.04)
    lines = explain(Gated((one,), launches={(one.case, "time"): flat}), one.case)
    places = [line.index("o") for line in lines if re.match(r" +\d+ +[+-].*o", line)]

    assert [place - places[0] for place in places] == [0, 15, 30, 45, 59]


def test_the_line_that_counts_lies_below_for_an_improvement() -> None:
    lines = explain(gated(), "echo/decoder")
    first = next(line for line in lines if re.match(r" +1 +-", line))

    assert first.index("o") < first.index(":") < first.index("|")


def test_a_regression_is_explained_by_function_the_largest_first() -> None:
    lines = explain(gated(), "echo/log_mel")
    table = lines[lines.index("instructions by function, inclusive") :]

    assert table[1] == "most of it in copy: +9,500 instructions"
    assert [line.split()[-1] for line in table[3:]] == ["run", "log_mel", "copy", "fft", "free"]
    assert table[5].split() == ["1,000", "10,500", "+9,500", "95.0%", "copy"]
    assert not [line for line in explain(gated(), "echo/encoder") if "function" in line]


def test_where_nothing_grew_no_function_is_named() -> None:
    answer = replace(gated(), functions={"a": (("f", 10, 5), ("g", 3, 3)), "b": ()})

    assert [one.share for one in spent(answer, "a")] == [0.0, -1.0]
    assert narrowest(answer, "a") is None
    assert narrowest(answer, "b") is None
    assert narrowest(answer, "c") is None


def test_what_was_not_measured_is_explained_and_an_unknown_case_refused() -> None:
    assert "  why: only the base has it" in explain(gated(), "echo/gone")
    built = Gated((), (Unmeasured(None, "head", "build", "no compiler"),))
    assert "  why: no compiler" in explain(built, "any")
    only = Gated((verdict("pass", trust=Trust(0, None, 1, 1)),))
    with pytest.raises(OptionError, match=r"case is 'x'; expected one of \['echo/log_mel'\]"):
        explain(only, "x")


def test_launches_with_nothing_at_the_base_are_counted() -> None:
    none = verdict("pass", metric="p95", base=0.0, head=0.0)
    answer = Gated((none,), launches={(none.case, "p95"): launches(3, 0.0, base=0.0)})

    assert "  3 launches without a relative change: nothing at the base" in explain(
        answer, none.case
    )
