"""How far one text is from another, in C++; and what the gate calls of it."""

from types import SimpleNamespace

from edits._native import distance

BEFORE = "the quick brown fox jumps over the lazy dog " * 16
AFTER = BEFORE + "again"


def cases():
    """Cases for the gate: no asrbench is needed to write them."""

    def check(answer):
        return SimpleNamespace(passed=answer == 5, detail=f"{answer}; expected 5")

    return [SimpleNamespace(name="edits/long", run=lambda: distance(BEFORE, AFTER), check=check)]
