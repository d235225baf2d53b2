"""A table of what was measured of each call, while calls still come in."""

from __future__ import annotations

import math
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import compress

from asrbench.measure.call import Call
from asrbench.measure.samples import Samples
from asrbench.workload import Better


@dataclass(slots=True)
class Table:
    """The values of all metrics while they come in: 24 bytes a call, and 8 a value.

    A metric that a call does not tell has a NaN in its row, or no row yet. `columns` maps a metric
    to its values.
    """

    item: list[str] = field(default_factory=list)
    block: array[int] = field(default_factory=lambda: array("q"))
    at_s: array[float] = field(default_factory=lambda: array("d"))
    columns: dict[str, array[float]] = field(default_factory=dict)

    def add(self, call: Call, values: Mapping[str, float]) -> None:
        """Keep what was measured of a call, by metric."""
        rows = len(self.item)
        self.item.append(call.item)
        self.block.append(call.block)
        self.at_s.append(call.began_s)
        for metric, value in values.items():
            column = self.columns.setdefault(metric, array("d"))
            column.extend([math.nan] * (rows - len(column)))
            column.append(value)

    def samples(
        self, metric: str, unit: str = "s", better: Better = "lower"
    ) -> tuple[Samples, ...]:
        """Return the samples of a metric; nothing where it has no values."""
        column = self.columns.get(metric, ())
        told = [not math.isnan(value) for value in column]
        if not any(told):
            return ()
        return (
            Samples(
                metric,
                unit,
                better,
                tuple(compress(column, told)),
                item=tuple(compress(self.item, told)),
                block=tuple(compress(self.block, told)),
                at_s=tuple(compress(self.at_s, told)),
            ),
        )
