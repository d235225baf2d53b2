"""Pages and tables show everything, and nothing in a Run can act in them."""

import io
import json
import re
from dataclasses import replace
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from rich.console import Console

from asrbench.measure.run import Item
from asrbench.measure.run_file import read
from asrbench.measure.samples import Samples
from asrbench.report import terminal
from asrbench.report.html import for_script, page
from asrbench.report.place import save, stem
from asrbench.report.plots import plots
from asrbench.report.texts import marked
from suites.unit.report.runs import HOSTILE, comparison, hostile, plain


class Elements(HTMLParser):
    """Every element of a page with its attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_a_hostile_run_adds_no_element_and_no_script() -> None:
    tame, wild = Elements(page(plain())), Elements(page(hostile()))

    assert [e for e in wild.found if e[0] == "script"] == [
        e for e in tame.found if e[0] == "script"
    ]
    assert not [tag for tag, _ in wild.found if tag in ("img", "iframe", "object", "a", "link")]
    for tag, attributes in wild.found:
        assert not [name for name in attributes if name.startswith("on")], tag
    assert HOSTILE in "".join(wild.text)  # it is shown as it is


def test_texts_for_the_plots_cannot_leave_their_script_and_are_no_markup_for_plotly() -> None:
    drawn = plots(hostile())
    text = for_script(drawn)

    assert not set("<>&") & set(text)
    assert "<img" not in json.dumps(json.loads(text))
    assert "&lt;img" in json.dumps(drawn)


def test_a_page_may_load_nothing_from_elsewhere() -> None:
    elements = Elements(page(plain())).found
    (policy,) = [a["content"] for _, a in elements if "http-equiv" in a]

    assert policy is not None
    assert policy.startswith("default-src 'none'")
    assert not [a for _, a in elements if "src" in a or "href" in a]


def test_a_page_has_figures_plots_texts_and_environment() -> None:
    text = "".join(Elements(page(plain())).text)

    for heading in ("Figures", "Latency: ", "Real-time factor by", "Where the time goes", "Texts"):
        assert heading in text
    assert "2 of 2 answers agree" in text
    assert "Environment" in text
    assert "@" not in re.sub(r"@(media|import|font|keyframes)", "", page(plain())[:4000])


def test_a_page_of_a_comparison_has_its_groups() -> None:
    text = "".join(Elements(page(comparison())).text)

    assert "short, 1 thread: 1 items, 10.0 s of audio" in text
    assert "time of one / its" in text
    assert "0.500 x [0.500, 0.500]" in text
    assert "one, 1 thread" in text
    assert "a: words differ" in text


def test_a_page_of_a_comparison_shows_what_speed_costs_in_accuracy() -> None:
    picture = plots(comparison(engines=("one", "two", "<b>"), threads=(1, 2)))[0]

    assert picture["title"] == "Word error rate against speed"
    assert {trace["name"]: trace["x"] for trace in picture["data"]} == {
        "one": pytest.approx([10.0, 20.0]),
        "two": pytest.approx([5.0, 10.0]),
        "&lt;b&gt;": pytest.approx([10 / 3, 20 / 3]),
    }
    for trace in picture["data"]:
        assert trace["y"] == [0.1, 0.1]
        assert trace["text"] == ["1", "2"]


def test_one_engine_alone_has_no_picture_of_accuracy_against_speed() -> None:
    assert plots(plain())[0]["title"].startswith("Latency")


def test_differing_words_are_marked() -> None:
    words = [("equal", "set", "set"), ("substitute", "a", "the"), ("delete", "<b>", "")]

    assert marked(words) == "set <del>a</del> <ins>the</ins> <del>&lt;b&gt;</del>"


def test_a_stack_of_many_items_shows_some_and_says_so() -> None:
    run = plain()
    items = tuple(Item(f"u{i:03}", run.items[0].amount) for i in range(200))
    ids = tuple(item.id for item in items)
    latency = Samples("latency", "s", "lower", (0.5,) * 200, item=ids, block=(0,) * 200)
    encoder = Samples("stage/encoder", "s", "lower", (0.4,) * 200, item=ids)
    case = replace(run.cases[0], samples=(latency, encoder))
    stack = plots(replace(run, items=items, cases=(case,)))[-1]

    assert "60 of 200 items" in stack["note"]
    assert len(stack["data"][0]["x"]) == 60


def test_a_terminal_shows_hostile_texts_as_they_are() -> None:
    out = io.StringIO()
    terminal.show(hostile(), Console(file=out, width=300, color_system=None))

    assert "[red]" in out.getvalue()
    assert "partial" in out.getvalue()


def test_a_terminal_shows_a_comparison_by_group() -> None:
    out = io.StringIO()
    terminal.show(comparison(), Console(file=out, width=120))

    assert "0.500 x" in out.getvalue()
    assert "loops: b" in out.getvalue()
    assert "peak memory" in out.getvalue()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b", "..", HOSTILE, "C:\\x", "\x00"])
def test_no_name_from_outside_becomes_a_path(tmp_path: Path, name: str) -> None:
    path = stem(tmp_path, datetime(2026, 1, 2, 3, 4, 5), ["speech", name])

    assert path.parent == tmp_path
    assert re.fullmatch(r"20260102T030405-speech-[a-z0-9-]*", path.name)


def test_a_run_is_saved_with_its_page_beside_it(tmp_path: Path) -> None:
    run = hostile()
    run_file, report = save(run, tmp_path / "run")

    assert read(run_file) == run
    assert report.read_text(encoding="utf-8").startswith("<!doctype html>")
