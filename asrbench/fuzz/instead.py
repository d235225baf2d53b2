"""Runs Python with one module taken from a file of our choice, whatever is installed.

    python asrbench/fuzz/instead.py asrbench._native=/cache/_native.so (SCRIPT | -m MODULE) ...

So an instrumented extension stands in for the one of an editable or an ordinary installation, and
the Python sources stay those of the checkout. This file imports the standard library only: it runs
before anything of the package does.
"""

from __future__ import annotations

import runpy
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from pathlib import Path


class Instead:
    """A finder that knows one module, and is asked before all others."""

    def __init__(self, name: str, file: Path) -> None:
        self._name = name
        self._file = file

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """Return the spec of our module, None for any other."""
        del path, target  # of no use to us: the protocol has them
        return spec_from_file_location(name, self._file) if name == self._name else None


def main(arguments: list[str]) -> None:
    """Put the module in its place, then run the script or the module behind it."""
    name, found, file = arguments[0].partition("=")
    if not found or not Path(file).is_file():
        raise SystemExit(f"{arguments[0]!r} is no NAME=FILE of a file that is there")
    sys.meta_path.insert(0, Instead(name, Path(file)))
    if arguments[1] == "-m":
        sys.argv = arguments[2:]
        sys.path[0] = str(Path.cwd())
        runpy.run_module(arguments[2], run_name="__main__", alter_sys=True)
    else:
        sys.argv = arguments[1:]
        sys.path[0] = str(Path(arguments[1]).resolve().parent)
        runpy.run_path(arguments[1], run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1:])
