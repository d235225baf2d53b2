"""The pricing workload: options by simulation, each price with its standard error."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from asrbench import engine, twin
from asrbench.workload import Score, Source, Workload, later

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.pricing.cases import Pricing
    from asrbench.pricing.contract import Contract
    from asrbench.pricing.corpus import Corpus
    from asrbench.pricing.price import Estimate, Greeks, Price
    from asrbench.pricing.service import PricingService

__all__ = ["Contract", "Estimate", "Greeks", "Price", "PricingService", "workload"]

_NAME = "pricing"
_PASSES = 20  # of which the median is carried
_LATER = {
    "Contract": "asrbench.pricing.contract",
    "Estimate": "asrbench.pricing.price",
    "Greeks": "asrbench.pricing.price",
    "Price": "asrbench.pricing.price",
    "PricingService": "asrbench.pricing.service",
}


def __getattr__(name: str) -> object:
    """Import a public name's module when the name is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'asrbench.pricing' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)


def _corpora() -> Sequence[Source]:
    from asrbench.pricing.corpus import ALL, PATHS

    return [Source(name, "three contracts", True) for name in (ALL, *PATHS, "sobol")]


def _score(corpus: Corpus, outputs: Mapping[str, Price]) -> Score:
    """Return how far the farthest price is from its reference, in standard errors."""
    from asrbench.pricing.references import reference

    kept: dict[str, dict[str, Any]] = {}
    for request in corpus.requests:
        known, found = reference(request.contract), outputs.get(request.id)
        if known is None or found is None:
            continue
        error = found.value - known.value
        kept[request.id] = {
            "price": found.value,
            "standard_error": found.standard_error,
            "reference": known.value,
            "error": error,
            "z": error / math.hypot(found.standard_error, known.standard_error),
        }
    farthest = max((abs(item["z"]) for item in kept.values()), default=None)
    return Score("farthest", "standard errors", "lower", farthest, items=kept)


workload: Workload[Corpus, Pricing, Price] = Workload(
    name=_NAME,
    oracle="oracle",
    engines=partial(engine.installed, _NAME),
    corpora=_corpora,
    corpus=later("asrbench.pricing.corpus:find"),
    cases=later("asrbench.pricing.cases:pricing"),
    agree=later("asrbench.pricing.price:agree"),
    score=_score,
    build=twin.build,
    passes=_PASSES,
)
