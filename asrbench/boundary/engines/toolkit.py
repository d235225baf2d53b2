"""An engine is the five functions through one toolkit; the built ones are not in every wheel."""

from __future__ import annotations

import importlib
from types import ModuleType

from asrbench.boundary.calls import Answer, Calls, Five
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError

HOW = (  # without isolation, since a build asks for nanobind and cffi only where it is told to
    "pip install scikit-build-core pybind11 cmake ninja nanobind cffi; "
    "pip install --no-build-isolation -C cmake.define.ASRBENCH_BOUNDARY=ON -e ."
)


class Toolkit:
    """Calls from the caller's thread. `options.model` is not used."""

    def __init__(self, name: str, five: Five, options: EngineOptions) -> None:
        """Take the functions. Raises EngineError for several threads."""
        if options.threads != 1:
            raise EngineError(f"threads is {options.threads}; expected 1, which a call runs in")
        self.name = name
        self._five = five

    def run(self, item: Calls) -> Answer:
        """Call the item's function, again and again."""
        return item.run(self._five)

    def close(self) -> None:
        """Nothing is held."""


def built(name: str) -> ModuleType:
    """Return the module of a toolkit. Raises EngineError with what builds it where it is not."""
    try:
        return importlib.import_module(f"asrbench._boundary_{name}")
    except ModuleNotFoundError as error:
        raise EngineError(
            f"{name}: {error.name} is not there; from a checkout of asrbench: {HOW}"
        ) from error
