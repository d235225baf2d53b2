"""How the C++ core was built, for the workloads whose native twin is in it."""

from __future__ import annotations

from asrbench.workload import Build


def build() -> Build | None:
    """Return the instruction set in use, the compiler and its flags; None without it."""
    try:
        from asrbench import _native
    except ImportError:
        return None
    return Build(_native.isa(), _native.compiler(), _native.build_flags())
