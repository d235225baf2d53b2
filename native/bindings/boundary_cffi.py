"""Writes the C source of cffi's module for the five functions: boundary_cffi.py HEADER OUT.c."""

from __future__ import annotations

import sys
from pathlib import Path

from cffi import FFI


def main(header: Path, out: Path) -> None:
    """Write the source of `_boundary_cffi`, in cffi's API mode."""
    declared = header.read_text(encoding="utf-8").partition("// cffi: begin")[2]
    ffi = FFI()
    ffi.cdef(declared.partition("// cffi: end")[0])
    ffi.set_source("asrbench._boundary_cffi", '#include "bindings/boundary_c.h"')
    ffi.emit_c_code(str(out))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
