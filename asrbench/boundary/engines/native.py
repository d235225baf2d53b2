"""The five functions as all bindings of asrbench are made: pybind11, and our own borrowing."""

from __future__ import annotations

from asrbench import _native
from asrbench.boundary.engines.toolkit import Toolkit
from asrbench.engine import EngineOptions


def native(options: EngineOptions) -> Toolkit:
    """Return the functions with every check that a hot binding of ours makes."""
    return Toolkit("native", _native.boundary, options)
