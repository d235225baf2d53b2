"""polars' scan_ndjson with its schema given, streamed."""

from __future__ import annotations

import os

from asrbench.engine import EngineOptions, missing
from asrbench.errors import EngineError
from asrbench.jsonlog.answer import PERCENTILES, Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import plain, row

_THREADS = "POLARS_MAX_THREADS"  # which it reads once, when it is imported


class Polars:
    """Answers with as many threads as asked for."""

    name = "polars"

    def __init__(self, options: EngineOptions) -> None:
        """Refuse a missing library, or one that began with other threads, with EngineError."""
        os.environ.setdefault(_THREADS, str(options.threads))
        try:
            import polars
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-jsonlog") from error
        if polars.thread_pool_size() != options.threads:
            raise EngineError(
                f"polars has {polars.thread_pool_size()} threads in this process; expected "
                f"{options.threads}: set {_THREADS}, and compare one number of threads a run"
            )
        self._polars = polars

    def run(self, item: Work) -> Answer:
        """Ask it lazily."""
        polars = self._polars
        by, value, amount, status, ok = plain(item.query)
        schema = {by: polars.String, status: polars.String, amount: polars.Float64}
        column = polars.col(value)
        cuts = [
            column.quantile(p, interpolation="linear").alias(f"p{place}")
            for place, p in enumerate(PERCENTILES)
        ]
        found = (
            polars.scan_ndjson(item.log.path, schema={**schema, value: polars.Float64})
            .group_by(by)
            .agg(
                polars.len().alias("count"),
                (polars.col(status) != ok).sum().alias("errors"),
                polars.col(amount).sum().alias("sum"),
                column.count().alias("values"),
                *cuts,
            )
            .collect(engine="streaming")
        )
        rows = sorted(
            found.rows(), key=lambda group: (group[0] is not None, (group[0] or "").encode())
        )
        return Answer(tuple(row(*group) for group in rows))

    def close(self) -> None:
        """Nothing is held."""
