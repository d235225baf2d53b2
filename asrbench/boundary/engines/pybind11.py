"""The five functions through pybind11, as its manual has them."""

from __future__ import annotations

from asrbench.boundary.engines.toolkit import Toolkit, built
from asrbench.engine import EngineOptions


def pybind11(options: EngineOptions) -> Toolkit:
    """Return the functions. Raises EngineError where this build has none of pybind11."""
    return Toolkit("pybind11", built("pybind11"), options)
