"""Prices again and again: what is normal passes, what is shifted, wide or uneven is told."""

from __future__ import annotations

import json
import math
from statistics import NormalDist

import pytest

from asrbench.cli import main
from asrbench.pricing.price import Estimate, Price, Stream
from asrbench.pricing.repeat import Repeated, kolmogorov_p, repeat

QUANTILES = [NormalDist().inv_cdf((i + 0.5) / 200) for i in range(200)]


def prices(z: list[float], stream: Stream = "philox32") -> Repeated:
    """Prices so many standard errors of 0.5 off 8."""
    made = tuple(Price(8 + 0.5 * each, 0.5, stream) for each in z)
    return Repeated(made, (1e-6,) * len(z), Estimate(8.0, 0.0))


def test_kolmogorovs_p_is_the_tables() -> None:
    """Values whose distance is known: 1.358 / (sqrt n + 0.12 + 0.11 / sqrt n) is the 5 % point."""
    n, apart = 100, 1.358 / (10 + 0.12 + 0.011)
    low = [NormalDist().inv_cdf(min(max((i + 1) / n - apart, 1e-9), 1 - 1e-9)) for i in range(n)]

    assert kolmogorov_p(low) == pytest.approx(0.05, rel=0.01)
    assert kolmogorov_p(QUANTILES) == 1.0


def test_normal_errors_have_no_fault() -> None:
    assert prices(QUANTILES).faults == []
    assert prices(QUANTILES).rms_error == pytest.approx(0.5, rel=0.01)


def test_errors_that_are_shifted_wide_or_far_are_told() -> None:
    assert "Kolmogorov" in prices([z + 0.4 for z in QUANTILES]).faults[-1]
    assert "Kolmogorov" in prices([1.7 * z for z in QUANTILES[50:150]] * 4).faults[-1]
    assert prices([*QUANTILES[1:], 4.6]).faults == [
        "a price is 4.60 standard errors off; expected 4.50"
    ]


def test_sobols_errors_are_held_to_their_size_alone() -> None:
    assert prices([*QUANTILES[1:], 7.0], "sobol32").faults == []
    assert prices([3 * z for z in QUANTILES], "sobol32").faults != []
    assert prices([9.0, 9.0], "sobol32").faults == []  # two say nothing
    assert prices(QUANTILES, "sobol32").kolmogorov_p is None


def test_each_price_is_timed_after_one_that_is_not() -> None:
    ticks, seen = iter([1.0, 3.0, 10.0, 11.0]), []

    def price(seed: int) -> Price:
        seen.append(seed)
        return Price(8.0, 0.5, "own")

    done = repeat(price, Estimate(8.0, 0.0), [5, 6], lambda: next(ticks))

    assert seen == [5, 5, 6]
    assert done.took_s == (2.0, 1.0)
    with pytest.raises(ValueError, match="expected pairs"):
        Repeated(done.prices, (1.0,), done.reference)


def test_the_verb_prints_a_price_with_its_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["price", "european", "--paths", "10000", "--greeks", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert abs(found["price"]["value"] - 8.0214) < 5 * found["price"]["standard_error"]
    assert set(found) == {"price", "delta", "gamma", "vega", "rho", "theta", "reference"}
    assert found["reference"]["value"] == pytest.approx(8.021352, abs=1e-6)


def test_the_verb_repeats_with_percentiles_only_where_they_are_carried(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["price", "european", "--paths", "1024", "--repeat", "200", "--json"]) == 0

    found = json.loads(capsys.readouterr().out)
    assert found["prices"] == 200
    assert found["p95_us"] >= found["p50_us"] > 0
    assert found["p99_us"] is None
    assert math.isfinite(found["kolmogorov_p"])


def test_the_verb_says_of_what_nothing_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["price", "asian", "--strike", "99", "--repeat", "20"]) == 64
    assert "nothing is known of this asian option" in capsys.readouterr().err
