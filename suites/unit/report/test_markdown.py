"""A Run as Markdown shows what it knows, and a text in it cannot be more than a text."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from asrbench.measure.run import Failure
from asrbench.report.markdown import markdown, table, text
from asrbench.workload import Amount
from suites.unit.report.runs import HOSTILE, comparison, hostile, plain

TEXTS = (
    HOSTILE,
    "| a | b |\n|---|---|",
    "![x](http://evil.example/y.png) [l](javascript:alert(1))",
    "# head\n- point\n1. first\n> said\n---\n\n    code\n~~~\n```",
    "`a` **b** _c_ ~~d~~ \\| \\ <!-- -->",
    "@everyone #12 owner/name#3 http://evil.example www.evil.example a@evil.example",
    "&lt;b&gt; &#42; &amp",
    "_a_ a_b_c __a__ 1. 1.2.3 http: //x a:b http://1.2.3.4/ :+1: :smile:",
    "</code></details></sub>",
)


class Page(HTMLParser):
    """The tags of rendered Markdown, and its text."""

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


@pytest.mark.parametrize("words", TEXTS)
def test_a_text_is_shown_as_it_is_and_nothing_else(words: str) -> None:
    shown = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in words)

    for source in (text(words), f"- {text(words)}", f"## {text(words)}"):
        page = Page(source)
        assert page.text.strip() == shown.strip()
        assert len(page.tags) <= 2
        assert set(page.tags) <= {"p", "ul", "li", "h2"}


@pytest.mark.parametrize("words", TEXTS)
def test_a_text_stays_in_its_cell(words: str) -> None:
    tags = Page(table(["a", "b"], [("x", "y"), ("x", "y")])).tags

    assert Page(table([words, "b"], [(words, words), ("x", words)])).tags == tags


@pytest.mark.parametrize("words", ["@everyone", "see #12", "a@evil.example", ":smile:"])
def test_nobody_is_called_and_nothing_is_linked(words: str) -> None:
    assert re.fullmatch("<code>[^<>@#]*</code>", re.sub(r"&#\d+;", "", text(words)))


def test_plain_words_are_plain_in_the_source_too() -> None:
    for words in ("stage log_mel, mean", "1.5 s; 0.72 x", "item: why", "2026-11-23T01"):
        assert text(words) == words


def test_a_hostile_run_has_no_more_elements_than_a_tame_one() -> None:
    tame = replace(
        plain(),
        partial=True,
        errors=(Failure("case", "item", "died", "why"),),
    )

    wild = Page(markdown(hostile()))
    assert wild.tags == Page(markdown(tame)).tags
    assert HOSTILE.replace("\u2028", "\\u2028") in wild.text


def test_a_run_has_its_figures_its_check_and_where_it_ran() -> None:
    page = Page(markdown(plain()))

    assert "speech: echo on a" in page.text
    assert "right speech/echo/transcribe: 2 of 2 answers agree" in page.text
    for words in ("latency p50", "real-time factor (RTF)", "0.2000", "12.50 %", "1 thread"):
        assert words in page.text, words
    assert "failure" not in page.text


def test_a_comparison_has_its_groups_the_texts_that_differ_and_the_start() -> None:
    source = markdown(comparison(engines=("one", "two"), threads=(1, 2)))
    page = Page(source)

    assert "short, 1 thread: 1 items, 10.0 s of audio" in page.text
    assert "long, 2 threads: 1 items, 40.0 s of audio" in page.text
    assert "0.500 x [0.500, 0.500]" in page.text
    assert "a: words differ" in page.text
    assert "import and load" in page.text
    assert page.tags.count("table") == 7
    assert page.tags.count("details") == 2


def test_of_many_failures_some_are_shown_and_the_others_counted() -> None:
    failures = tuple(Failure("case", f"item {n}", "died", "why") for n in range(50))
    page = Page(markdown(replace(plain(), errors=failures)))

    assert "50 failures" in page.text
    assert page.text.count("died") == 20
    assert "and 30 more" in page.text


def test_work_that_is_not_audio_has_its_own_unit() -> None:
    run = comparison()
    items = tuple(replace(i, amount=Amount(i.amount.value, "files")) for i in run.items)
    said = unescape(markdown(replace(run, items=items)))

    assert "short, 1 thread: 1 items, 10 files" in said
    assert "| time / files |" in said
    assert "| 100 ms |" in said  # 1 s for 10 files
    assert "audio" not in said
    assert "RTF" not in said
