"""The workload of kernels: products at a model's shapes, each beside the limit that bounds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from asrbench import engine, twin
from asrbench.workload import Check, Score, Source, Workload, later

if TYPE_CHECKING:  # listing workloads needs no NumPy
    from asrbench.kernels.cases import Multiplying, Output
    from asrbench.kernels.corpus import Corpus

_NAME = "kernels"
_PASSES = 20  # of which the median is carried


def _corpora() -> Sequence[Source]:
    from asrbench.kernels.corpus import ALL, SHAPES

    return [Source(name, "Whisper tiny.en", True) for name in (ALL, *SHAPES)]


def _agree(oracle: Output, output: Output) -> Check:
    from asrbench.kernels.answer import Answer, agree

    if isinstance(oracle, Answer) and isinstance(output, Answer):
        return agree(oracle, output)
    return Check(oracle == output, f"the limit gave {output!r}; the oracle's {oracle!r}")


def _score(corpus: Corpus, outputs: Mapping[str, Output]) -> Score:
    """Score nothing; say of each item which one is its limit, and how many bytes a call reads."""
    kept: dict[str, dict[str, Any]] = {work.id: {} for work in corpus.work if work.id in outputs}
    for work in corpus.work:
        size = getattr(work, "bytes", None)
        if work.id in kept and size is not None:
            kept[work.id]["bytes"] = size
    for product in corpus.products:
        if product.id in kept:
            kept[product.id]["limit"] = product.limit.id
    return Score("share_of_limit", "fraction", "higher", None, items=kept)


workload: Workload[Corpus, Multiplying, Output] = Workload(
    name=_NAME,
    oracle="oracle",
    engines=partial(engine.installed, _NAME),
    corpora=_corpora,
    corpus=later("asrbench.kernels.corpus:find"),
    cases=later("asrbench.kernels.cases:kernels"),
    agree=_agree,
    score=_score,
    build=twin.build,
    passes=_PASSES,
)
