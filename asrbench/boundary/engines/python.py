"""The oracle as an engine: what is right, and what an empty call of Python costs."""

from __future__ import annotations

from asrbench.boundary.engines.toolkit import Toolkit
from asrbench.boundary.oracle import five
from asrbench.engine import EngineOptions


def python(options: EngineOptions) -> Toolkit:
    """Return the functions in Python."""
    return Toolkit("python", five, options)
