"""Dear work on a share of the inputs: a target that tries more of them finds more.

Which inputs are chosen depends on their bytes alone, so that an input always means the same, and
each change to an input draws again. A replay chooses all of them.
"""

from __future__ import annotations

import os
import zlib

THOROUGH = "ASRBENCH_FUZZ_THOROUGH"
"""Set in the environment of a process that chooses every input."""


def chosen(data: bytes, one_in: int) -> bool:
    """Return whether this input is one of the share, or the process is thorough."""
    return THOROUGH in os.environ or zlib.crc32(data) % one_in == 0
