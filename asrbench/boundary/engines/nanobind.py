"""The five functions through nanobind, as its manual has them."""

from __future__ import annotations

from asrbench.boundary.engines.toolkit import Toolkit, built
from asrbench.engine import EngineOptions


def nanobind(options: EngineOptions) -> Toolkit:
    """Return the functions. Raises EngineError where this build has none of nanobind."""
    return Toolkit("nanobind", built("nanobind"), options)
