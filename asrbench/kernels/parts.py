"""The products that a recognition spends its time in, as Cases of milliseconds, for the gate."""

from __future__ import annotations

from collections.abc import Sequence

from asrbench.engine import EngineOptions
from asrbench.kernels.cases import Output, kernels
from asrbench.kernels.corpus import Corpus
from asrbench.kernels.engines.native import Native
from asrbench.kernels.engines.oracle import Oracle
from asrbench.kernels.work import Product
from asrbench.workload import Case

_PRODUCTS = (
    Product("encoder", 236, 1536, 384, "float32"),
    Product("encoder", 236, 1536, 384, "int16"),
    Product("encoder", 236, 384, 1536, "int16"),
    Product("encoder", 236, 1536, 384, "int8"),
    Product("attention", 48, 1500, 64, "int16"),
    Product("decoder", 1, 1536, 384, "int16"),
    Product("vocabulary", 1, 51864, 384, "int16"),
)


def parts() -> Sequence[Case[Output]]:
    """Return a case a product, without the limits."""
    cases = kernels(Native(EngineOptions()), Corpus(_PRODUCTS), lambda: Oracle(EngineOptions()))
    names = {product.id for product in _PRODUCTS}
    return [case for case in cases if case.item in names]
