"""The requests: one contract of each kind, priced with more and more paths."""

from __future__ import annotations

from dataclasses import dataclass

from asrbench.errors import CorpusError
from asrbench.pricing.contract import Contract
from asrbench.pricing.references import ASIAN, BARRIER
from asrbench.pricing.request import Request

ALL = "embedded"  # what a corpus that comes with the package is called in every workload
EUROPEAN = Contract("european", "call", 100.0, 105.0, 0.05, 0.2, 1.0)
CONTRACTS = {"european": EUROPEAN, "asian": ASIAN, "barrier": BARRIER}
PATHS = {
    "european": (1024, 10_000, 100_000, 1_000_000),
    "asian": (1024, 10_000, 100_000),
    "barrier": (1024, 10_000, 100_000),
}
_EVEN = {"european": 65_536, "asian": 2048}  # powers of two, which Sobol's sequence asks for


@dataclass(frozen=True, slots=True)
class Corpus:
    """Requests to be timed."""

    requests: tuple[Request, ...]
    licence: str = "none needed: three contracts"


def find(name: str, limit: int | None = None) -> Corpus:
    """Return the requests of that name: `embedded`, a kind of contract, or `sobol`.

    `sobol` has as many paths as take a native engine about 100 us, a power of two. `limit` keeps
    the first so many. Raises CorpusError for another name, or a limit below 1.
    """
    if limit is not None and limit < 1:
        raise CorpusError(f"limit is {limit}; expected one request or more")
    if name == "sobol":
        chosen: dict[str, tuple[int, ...]] = {kind: (paths,) for kind, paths in _EVEN.items()}
    else:
        chosen = {kind: PATHS[kind] for kind in PATHS if name in (kind, ALL)}
    if not chosen:
        known = ", ".join((ALL, *PATHS, "sobol"))
        raise CorpusError(f"no requests {name!r}; expected one of {known}")
    requests = [
        Request(f"{kind} {paths}", CONTRACTS[kind], paths)
        for kind, counts in chosen.items()
        for paths in counts
    ]
    return Corpus(tuple(requests[:limit]))
