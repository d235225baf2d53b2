"""The zoo under fire: the bug that ZOO_BUG names, its answers held to the oracle.

asrbench fuzz fuzz/zoo/fuzz_zoo.py --module zoo --project fuzz/zoo
"""

import importlib
import os

zoo = importlib.import_module("zoo")
BUG = os.environ.get("ZOO_BUG", "clean")


def one_input(data: bytes) -> None:
    """Let nothing out but a finding: every way gives the sum of the bytes."""
    found, expected = zoo.run(BUG, data), sum(data)
    assert found == expected, f"{BUG}: found {found}, expected {expected}"
