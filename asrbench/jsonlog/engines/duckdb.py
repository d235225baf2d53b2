"""duckdb's read_json with its columns given: the schema spares it the search for one."""

from __future__ import annotations

from asrbench.engine import EngineOptions, missing
from asrbench.jsonlog.answer import Answer
from asrbench.jsonlog.cases import Work
from asrbench.jsonlog.fields import plain, row

_QUERY = """
SELECT "{by}", count(*), count(*) FILTER ("{status}" <> $ok), coalesce(sum("{amount}"), 0),
       count("{value}"), quantile_cont("{value}", [0.50, 0.95, 0.99])
FROM read_json($path, format = 'newline_delimited', columns = {{
    '{by}': 'VARCHAR', '{status}': 'VARCHAR', '{amount}': 'DOUBLE', '{value}': 'DOUBLE'}})
GROUP BY ALL
"""


class Duckdb:
    """Answers with as many threads as asked for."""

    name = "duckdb"

    def __init__(self, options: EngineOptions) -> None:
        """Open a database in memory. Raises EngineError if the library is not installed."""
        try:
            import duckdb
        except ModuleNotFoundError as error:
            raise missing(self.name, error, "peers-jsonlog") from error
        self._database = duckdb.connect(config={"threads": options.threads})

    def run(self, item: Work) -> Answer:
        """Ask it in SQL."""
        by, value, amount, status, ok = plain(item.query)
        query = _QUERY.format(by=by, value=value, amount=amount, status=status)
        found = self._database.execute(query, {"path": str(item.log.path), "ok": ok}).fetchall()
        found.sort(key=lambda group: (group[0] is not None, (group[0] or "").encode()))
        return Answer(tuple(row(*group[:5], *(group[5] or ())) for group in found))

    def close(self) -> None:
        """Close the database."""
        self._database.close()
