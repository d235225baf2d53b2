"""Is the process that fuzzes a target in Python: `start.py fuzz_TARGET.py [libFuzzer arguments]`.

A target file has `one_input(data: bytes)`, which lets nothing out but a finding. It may name in
`INSTRUMENT` the Python packages whose own branches count; those of the native extension always do.
"""

from __future__ import annotations

import gc
import importlib.util
import inspect
import shlex
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import FunctionType, ModuleType

import atheris


def load(file: Path) -> ModuleType:
    """Import a target from its file."""
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise SystemExit(f"{file} is no Python source")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def functions(packages: Sequence[str]) -> Iterator[FunctionType]:
    """Yield the functions and methods that the imported modules of those packages define."""
    for name, module in list(sys.modules.items()):
        if any(f"{name}.".startswith(f"{package}.") for package in packages):
            defined = [thing for thing in vars(module).values() if _made_in(thing, name)]
            classes = [thing for thing in defined if inspect.isclass(thing)]
            for thing in [*defined, *(inner for c in classes for inner in vars(c).values())]:
                if isinstance(thing, FunctionType):
                    yield thing


def _made_in(thing: object, module: str) -> bool:
    return getattr(thing, "__module__", None) == module


def watch(packages: Sequence[str], instrument: Callable[[FunctionType], object]) -> int:
    """Instrument what the packages define; returns how many functions that were.

    By function, since atheris's import hook announces modules of an editable installation and
    leaves them as they were.
    """
    found = list(functions(packages))
    for function in found:
        instrument(function)
    return len(found)


def again(words: list[str], target: str) -> str:
    """Return the command of this process up to its target: libFuzzer runs itself by its argv[0]."""
    return " ".join(shlex.quote(word) for word in words[: words.index(target) + 1])


if __name__ == "__main__":
    target = load(Path(sys.argv[1]))
    count = watch(getattr(target, "INSTRUMENT", ()), atheris.instrument_func)
    print(f"INFO: Instrumented {count} Python functions", file=sys.stderr, flush=True)
    gc.freeze()  # what is there now stays: no collection looks at it again
    atheris.Setup([again(sys.orig_argv, sys.argv[1]), *sys.argv[2:]], target.one_input)
    atheris.Fuzz()
