"""The one list of what is measured in pricing: each request, priced and checked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from asrbench.engine import Engine
from asrbench.pricing.corpus import Corpus
from asrbench.pricing.price import Price, Stream, agree
from asrbench.pricing.request import Method, Precision, Request
from asrbench.workload import Amount, Case, Check

Pricing = Engine[Request, Price]


@dataclass(slots=True)
class Priced:
    """One engine on one request; its price is compared with the oracle's of the same stream."""

    engine: Pricing
    request: Request
    oracle: Callable[[], Pricing]
    _expected: dict[Stream, Price] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        """pricing/<engine>/price."""
        return f"pricing/{self.engine.name}/price"

    @property
    def item(self) -> str:
        """The id of the request: kind and paths."""
        return self.request.id

    @property
    def group(self) -> str:
        """The id: each contract and number of paths is shown apart."""
        return self.request.id

    @property
    def amount(self) -> Amount:
        """The paths, mirrored ones counted."""
        return Amount(float(self.request.paths), "paths")

    def prepare(self) -> None:
        """Price once: what is compiled or laid out at the first call is no part of the next."""
        self.engine.run(self.request)

    def run(self) -> Price:
        """Price."""
        return self.engine.run(self.request)

    def check(self, output: Price) -> Check:
        """Compare with the oracle: value by value in a stream it knows, else within the chance."""
        if output.stream not in self._expected:
            self._expected[output.stream] = self.oracle().run(self._alike(output.stream))
        return agree(self._expected[output.stream], output)

    def _alike(self, stream: Stream) -> Request:
        """Return the request as an engine would be asked for that stream."""
        if stream == "own":
            return self.request
        method: Method = "sobol" if stream.startswith("sobol") else "philox"
        precision: Precision = "float32" if stream.endswith("32") else "float64"
        return replace(self.request, method=method, precision=precision)


def pricing(
    engine: Pricing, corpus: Corpus, oracle: Callable[[], Pricing]
) -> Sequence[Case[Price]]:
    """Return an engine's case of every request of a corpus."""
    return [Priced(engine, request, oracle) for request in corpus.requests]
