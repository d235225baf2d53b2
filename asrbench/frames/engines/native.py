"""The filters of the C++ core as engines: the instruction set in use, or one by its name."""

from __future__ import annotations

from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.frames.agreement import Filtered
from asrbench.frames.buffers import Buffers
from asrbench.frames.work import DETECTOR, FILL, SCALE, Work


class Native:
    """Filters in one pass, with `options.threads`. `options.model` is not used."""

    def __init__(self, options: EngineOptions, isa: str | None = None) -> None:
        """Start the threads. Raises EngineError for an instruction set that cannot run here."""
        if isa is not None and isa not in _native.isas():
            raise EngineError(f"{isa} does not run here; expected one of {_native.isas()}")
        self.name = "native" if isa is None else f"native-{isa}"
        self._filters = _native.frames.Filters(options.threads, isa)
        self._buffers = Buffers()

    def run(self, item: Work) -> Filtered:
        """Return the filtered frame, in memory that the next call on this item writes again."""
        image, filters, buffers = item.image, self._filters, self._buffers
        if item.filter == "gray":
            return filters.gray(image, out=buffers.bytes(item))
        if item.filter == "blur":
            return filters.blur(image, out=buffers.bytes(item))
        if item.filter == "edges-l1":
            return filters.edges_l1(image, out=buffers.bytes(item))
        if item.filter == "edges-l2":
            return filters.edges_l2(image, out=buffers.floats(item))
        if item.filter == "resize":
            return filters.resize(image, *item.smaller, out=buffers.bytes(item))
        if item.filter == "letterbox":
            scale = (SCALE, SCALE, SCALE)
            out = buffers.floats(item)
            return filters.letterbox(image, DETECTOR, DETECTOR, scale=scale, fill=FILL, out=out)
        return filters.equalize(image, out=buffers.bytes(item))

    def close(self) -> None:
        """Give the buffers back."""
        self._buffers.clear()


def generic(options: EngineOptions) -> Native:
    """Return the filters for any processor."""
    return Native(options, "generic")


def avx2(options: EngineOptions) -> Native:
    """Return the filters for AVX2."""
    return Native(options, "avx2")


def avx512(options: EngineOptions) -> Native:
    """Return the filters for AVX-512."""
    return Native(options, "avx512")
