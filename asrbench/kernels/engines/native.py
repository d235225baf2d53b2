"""The kernels of the C++ core as engines: the instruction set in use, or one by its name."""

from __future__ import annotations

from asrbench import _native
from asrbench.engine import EngineOptions
from asrbench.errors import EngineError
from asrbench.kernels.answer import Answer
from asrbench.kernels.limits import Limits
from asrbench.kernels.work import Product, Work


class Native:
    """Multiplies with one instruction set, in the caller's thread. `options.model` is not used."""

    def __init__(self, options: EngineOptions, isa: str | None = None) -> None:
        """Choose. Raises EngineError for several threads, or a set that cannot run here."""
        if options.threads != 1:
            raise EngineError(f"threads is {options.threads}; expected 1, which a kernel runs in")
        if isa is not None and isa not in _native.isas():
            raise EngineError(f"{isa} does not run here; expected one of {_native.isas()}")
        self.name = "native" if isa is None else f"native-{isa}"
        self._isa = _native.isa() if isa is None else isa
        self._limits = Limits(self._isa)
        self._products: dict[Product, _native.kernels.Product] = {}

    def run(self, item: Work) -> Answer | float:
        """Multiply, laid out since the first call; or reach a limit."""
        if not isinstance(item, Product):
            return self._limits.run(item)
        if item not in self._products:
            a, w = item.operands()
            self._products[item] = _native.kernels.Product(a, w, item.precision, isa=self._isa)
        product = self._products[item]
        for _ in range(item.repeats):
            product.run()
        return Answer(product.result)

    def close(self) -> None:
        """Give back what was laid out."""
        self._products.clear()


def generic(options: EngineOptions) -> Native:
    """Return the kernels for any processor."""
    return Native(options, "generic")


def avx2(options: EngineOptions) -> Native:
    """Return the kernels for AVX2."""
    return Native(options, "avx2")


def avx512(options: EngineOptions) -> Native:
    """Return the kernels for AVX-512."""
    return Native(options, "avx512")


def avx512vnni(options: EngineOptions) -> Native:
    """Return the kernels for AVX-512 with VNNI."""
    return Native(options, "avx512vnni")
