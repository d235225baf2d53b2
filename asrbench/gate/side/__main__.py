"""One side of a gate: a process in a revision's own environment that runs cases when it is told.

This folder is run by path (`python .../gate/side FD`), by the Python of an environment in which no
asrbench need be installed, or another one: so it uses the standard library alone, and names its
own parts relative to itself. Questions and answers are lines of JSON on the descriptor it is given.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    sys.path[0] = str(here.parent)
    answer = importlib.import_module(f"{here.name}.answer")
    del sys.path[0]
    answer.main(int(sys.argv[1]))
