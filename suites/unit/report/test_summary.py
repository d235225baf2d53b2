"""The figures of a Run are those that a person computes from its values by hand."""

from dataclasses import replace

import pytest

from asrbench.measure.run import Run
from asrbench.measure.samples import Samples
from asrbench.report.comparison import groups, starts
from asrbench.report.sentences import (
    contrast_lines,
    group_columns,
    group_note,
    group_rows,
    start_row,
)
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
    long, short, whole = groups(comparison())

    assert (long.name, short.name, whole.name) == ("long", "short", "all")
    assert whole.items == long.items + short.items
    assert [side.rtf for side in whole.sides] == pytest.approx([0.1, 0.2])
    (pair,) = short.pairs
    assert pair.ratio is not None
    assert pair.ratio.value == pytest.approx(0.5)
    assert (pair.ratio.low, pair.ratio.high) == pytest.approx((0.5, 0.5))
    assert [side.rtf for side in short.sides] == pytest.approx([0.1, 0.2])
    assert [side.rtf for side in long.sides] == pytest.approx([0.1, 0.2])


def test_loops_and_the_interval_of_the_difference_are_listed() -> None:
    long, short, whole = (group_rows(group) for group in groups(comparison()))

    assert [row[-1] for row in long] == ["0 errors, 10 words; loops: b", "0 errors, 10 words"]
    assert [row[4] for row in short] == ["", "+1.00 points [+0.00, +2.00]"]
    assert whole[0][-1].endswith("loops: b")


def test_a_row_has_the_speed_of_an_engine_and_how_the_first_one_is_to_it() -> None:
    short = groups(comparison(engines=("one", "two", "three")))[1]
    head, one, two, three = (group_columns(short), *group_rows(short))

    assert head[:4] == ("engine", "RTF", "time of one / its", "WER")
    assert one[:4] == ("one", "0.1000", "", "10.00 %")
    assert two[:3] == ("two", "0.2000", "0.500 x [0.500, 0.500]")
    assert three[:3] == ("three", "0.3000", "0.333 x [0.333, 0.333]")
    assert contrast_lines(short) == ["two: a: words differ", "three: a: words differ"]


def test_columns_are_headed_by_what_the_workload_scores_by() -> None:
    farthest = replace(  # a price's distance in standard errors, and no contrast
        comparison(),
        cases=tuple(
            replace(case, samples=tuple(_in_standard_errors(some) for some in case.samples))
            for case in comparison().cases
        ),
        other={"contrasts": []},
    )
    short = groups(farthest)[1]

    assert group_columns(short)[3] == "farthest price from its reference"
    assert [row[3] for row in group_rows(short)] == ["0.1 standard errors"] * 2
    assert "items" not in group_note(short)


def _in_standard_errors(some: Samples) -> Samples:
    if not some.metric.startswith("wer"):
        return some
    return replace(some, metric=some.metric.replace("wer", "farthest"), unit="standard errors")


def test_a_workload_that_scores_nothing_has_no_column_of_a_score() -> None:
    run = comparison()
    plain = [
        replace(case, samples=tuple(s for s in case.samples if not s.metric.startswith("wer")))
        for case in run.cases
    ]
    items = tuple(replace(item, kept={**item.kept, "engines": {}}) for item in run.items)
    short = groups(replace(run, cases=tuple(plain), items=items, other={"contrasts": []}))[1]

    assert group_columns(short) == ("engine", "RTF", "time of one / its")
    assert group_rows(short)[1] == ("two", "0.2000", "0.500 x [0.500, 0.500]")


def test_the_first_engine_is_held_against_each_other_at_each_number_of_threads() -> None:
    found = groups(comparison(engines=("one", "two", "three"), threads=(1, 2)))

    assert [(group.name, group.threads) for group in found] == [
        ("long", 1),
        ("short", 1),
        ("all", 1),
        ("long", 2),
        ("short", 2),
        ("all", 2),
    ]
    for group in found:
        assert [(pair.first, pair.second) for pair in group.pairs] == [
            ("one", "two"),
            ("one", "three"),
        ]
        ratios = [pair.ratio.value for pair in group.pairs if pair.ratio is not None]
        assert ratios == pytest.approx([1 / 2, 1 / 3])
        rtfs = [side.rtf for side in group.sides]
        assert rtfs == pytest.approx([0.1 * n / group.threads for n in (1, 2, 3)])


def test_start_and_memory_are_the_medians_of_fresh_processes() -> None:
    one, two = starts(comparison())

    assert start_row(one) == (
        "one, 1 thread",
        "500 ms",
        "1 s",
        "2.0 MiB",
        "median of 3, 250 ms to 750 ms",
    )
    assert start_row(replace(two, load=None, peak_memory=None))[1:] == ("-", "1 s", "-", "")


def test_too_few_rounds_give_no_interval_and_say_so() -> None:
    short = groups(comparison(rounds=5))[1]

    assert short.pairs[0].ratio is None
    assert group_rows(short)[1][2] == "-"
    assert group_note(short) == "too few rounds for an interval of times; 6 are needed"


def test_a_round_that_was_cut_short_is_left_out() -> None:
    run = comparison(rounds=7)
    first, second = run.cases[2:]
    latency = first.metric("latency")
    assert latency is not None
    cut = Samples(
        "latency", "s", "lower", latency.values[:-1], latency.item[:-1], block=latency.block[:-1]
    )
    items = tuple(replace(item, kept={**item.kept, "group": "any"}) for item in run.items)
    (both,) = groups(replace(run, items=items, cases=(replace(first, samples=(cut,)), second)))

    assert both.pairs[0].ratio is not None
    assert both.pairs[0].ratio.low == pytest.approx(0.5)
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
    assert starts(plain()) == []
