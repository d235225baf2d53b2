"""The figures of a Run are those that a person computes from its values by hand."""

from dataclasses import replace

import pytest

from asrbench.measure.run import Run
from asrbench.measure.samples import Samples
from asrbench.report.comparison import groups
from asrbench.report.sentences import group_rows
from asrbench.report.summary import Figure, figures
from asrbench.report.units import duration
from asrbench.report.wording import label, quantity
from suites.unit.report.runs import comparison, plain


def by_name(run: Run) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures(run)}


def test_a_percentile_that_is_not_carried_says_how_many_values_there_are() -> None:
    found = by_name(plain(passes=10))

    assert found["latency_p50"].value == 0.5
    assert (found["latency_p95"].value, found["latency_p95"].note) == (None, "20 of 200 values")
    assert "latency_p99" not in found


def test_a_percentile_that_is_carried_is_shown() -> None:
    found = by_name(plain(passes=500))

    assert found["latency_p95"].value == 1.5
    assert found["latency_p99"].value == 1.5


def test_the_real_time_factor_is_all_work_by_all_audio() -> None:
    found = by_name(plain(passes=10))

    assert found["rtf"].value == pytest.approx((0.5 + 1.5) / (2 + 8))
    assert found["rtfx"].value == pytest.approx(5.0)
    assert found["rtf"].note == "20 calls; 95 % of the median pass 0.2000 to 0.2000"


def test_stages_say_their_mean_and_their_share() -> None:
    encoder = by_name(plain())["stage/encoder"]

    assert encoder.value == pytest.approx(0.7)
    assert encoder.note == "70.0 % of the time"


def test_counts_and_spreads_stand_beside_a_figure() -> None:
    found = by_name(plain())

    assert found["wer"].note == "0 errors, 10 words"
    assert found["peak_memory"].value == 3 * 2**20
    assert found["peak_memory"].note == "median of 2, 2.0 MiB to 4.0 MiB"


@pytest.mark.parametrize(
    ("name", "value", "unit", "words"),
    [
        ("latency_p95", 0.0612, "s", "latency p95: 61.2 ms"),
        ("rtf", 0.0625, "", "real-time factor (RTF): 0.0625"),
        ("rtfx", 16.0, "", "speed (RTFx): 16.00 x"),
        ("wer", 0.0559, "fraction", "word error rate: 5.59 %"),
        ("wer/short", 0.0559, "fraction", "word error rate, short: 5.59 %"),
        ("peak_memory", 2**27, "bytes", "peak memory: 128.0 MiB"),
        ("stage/log_mel", 2.5e-5, "s", "stage log_mel, mean: 25 µs"),
        ("latency_p50", None, "s", "latency p50: -"),
    ],
)
def test_figures_are_worded_with_their_unit(
    name: str, value: float | None, unit: str, words: str
) -> None:
    figure = Figure("case", name, value, unit)

    assert f"{label(figure)}: {quantity(figure)}" == words


def test_seconds_keep_three_digits() -> None:
    assert [duration(s) for s in (1234.5, 12.345, 0.5, 4.2e-5, 3e-9)] == [
        "1234 s",
        "12.3 s",
        "500 ms",
        "42 µs",
        "3 ns",
    ]


def test_a_comparison_says_how_many_times_as_long_the_first_takes() -> None:
    long, short = groups(comparison())

    assert (long.name, short.name) == ("long", "short")
    assert short.ratio is not None
    assert short.ratio.value == pytest.approx(0.5)
    assert (short.ratio.low, short.ratio.high) == pytest.approx((0.5, 0.5))
    assert [side.rtf for side in short.sides] == pytest.approx([0.1, 0.2])
    assert [side.rtf for side in long.sides] == pytest.approx([0.1, 0.2])


def test_loops_and_the_interval_of_the_difference_are_listed() -> None:
    long, short = (group_rows(group) for group in groups(comparison()))

    assert ("loops, one", "1", "b") in long
    assert (
        "WER, one minus two",
        "+1.00 points",
        "95 % interval +0.00 points to +2.00 points",
    ) in short


def test_too_few_rounds_give_no_interval_and_say_so() -> None:
    short = groups(comparison(rounds=5))[1]

    assert short.ratio is None
    assert group_rows(short)[0][2] == "too few rounds for an interval; 6 are needed"


def test_a_round_that_was_cut_short_is_left_out() -> None:
    run = comparison(rounds=7)
    first, second = run.cases
    latency = first.metric("latency")
    assert latency is not None
    cut = Samples(
        "latency", "s", "lower", latency.values[:-1], latency.item[:-1], block=latency.block[:-1]
    )
    items = tuple(replace(item, kept={**item.kept, "group": "any"}) for item in run.items)
    (both,) = groups(replace(run, items=items, cases=(replace(first, samples=(cut,)), second)))

    assert both.ratio is not None
    assert both.ratio.low == pytest.approx(0.5)
    assert both.sides[0].rtf == pytest.approx(0.1)


def test_a_pass_of_which_an_item_is_missing_is_no_pass() -> None:
    run = plain(passes=7)
    latency = run.cases[0].metric("latency")
    assert latency is not None
    cut = Samples(
        "latency", "s", "lower", latency.values[:-1], latency.item[:-1], block=latency.block[:-1]
    )
    found = by_name(replace(run, cases=(replace(run.cases[0], samples=(cut,)),)))

    assert found["rtf"].note == "13 calls; 95 % of the median pass 0.2000 to 0.2000"


def test_a_run_of_one_engine_has_no_groups() -> None:
    assert groups(plain()) == []
