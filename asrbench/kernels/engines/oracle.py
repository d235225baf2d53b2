"""The oracle as an engine: what is right, at NumPy's speed, beside the core's limits."""

from __future__ import annotations

from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.kernels.answer import Answer
from asrbench.kernels.limits import Limits
from asrbench.kernels.oracle.multiply import multiply
from asrbench.kernels.work import Product, Work


class Oracle:
    """Multiplies in float64, whatever the precision. NumPy's BLAS takes its own threads."""

    name = "oracle"

    def __init__(self, options: EngineOptions) -> None:  # noqa: ARG002  nothing to choose
        """Take the limits of the instruction set in use."""
        self._limits = Limits(_native.isa())

    def run(self, item: Work) -> Answer | float:
        """Multiply, or reach a limit."""
        if not isinstance(item, Product):
            return self._limits.run(item)
        a, w = item.operands()
        for _ in range(item.repeats):
            product = multiply(a, w)
        return Answer(lambda: product)

    def close(self) -> None:
        """Nothing is held."""
