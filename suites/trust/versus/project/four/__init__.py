"""Four kernels of one to five milliseconds: two of asrbench's own, two of a small extension."""

from time import perf_counter
from types import SimpleNamespace

import numpy as np

from asrbench._native import log_mel
from asrbench.kernels.parts import parts
from four._native import beam, walk

SPIN = 0.0  # the share of its time by which every call is slower

PCM = (0.1 * np.random.default_rng(1).standard_normal(16_000)).astype(np.float32)
PRODUCT = next(case for case in parts() if "encoder" in case.item and "int16" in case.item)


def slowed(run):
    """A call that keeps the processor busy for SPIN of its own time afterwards."""

    def slower():
        began = perf_counter()
        output = run()
        until = began + (perf_counter() - began) * (1 + SPIN)
        while perf_counter() < until:
            pass
        return output

    return slower


KERNELS = {
    "log_mel": slowed(lambda: log_mel(PCM, 80)),
    "product": slowed(PRODUCT.run),
    "beam": slowed(lambda: beam(1)),
    "walk": slowed(lambda: walk(0)),
}


def cases():
    """Cases for the gate."""
    return [SimpleNamespace(name=name, run=run) for name, run in KERNELS.items()]
