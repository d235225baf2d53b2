"""Samples refuse what would mislead a reader."""

import math
from typing import Any

import pytest

from asrbench.measure.samples import Samples


def test_values_keep_their_item_and_pass() -> None:
    samples = Samples("latency", "s", "lower", (0.2, 0.1), item=("a", "b"), block=(0, 0))

    assert list(zip(samples.item, samples.values, strict=True)) == [("a", 0.2), ("b", 0.1)]


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"values": ()}, "no values"),
        ({"values": (1.0, math.nan)}, r"values\[1\] is nan; expected finite"),
        ({"values": (math.inf,)}, r"values\[0\] is inf; expected finite"),
        ({"values": (1.0,), "better": "up"}, "better is 'up'; expected lower or higher"),
        ({"values": (1.0, 2.0), "item": ("a",)}, "item has 1 entries; expected 2 or 0"),
        ({"values": (1.0,), "at_s": (0.0, 1.0)}, "at_s has 2 entries; expected 1 or 0"),
    ],
)
def test_samples_that_would_mislead_are_refused(fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Samples(**{"metric": "latency", "unit": "s", "better": "lower", **fields})
