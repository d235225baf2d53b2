"""Fields of a log as columns: NumPy arrays, and Arrow through its capsule interface."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from asrbench.engine import missing
from asrbench.errors import OptionError
from asrbench.jsonlog import core
from asrbench.jsonlog.answer import Census
from asrbench.jsonlog.query import CAP

Type = Literal["float64", "int64", "bool", "text"]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A value of each field for every sound line, in the order of the lines.

    arrays  by field, shape (lines,): float64 (NaN: none), int64 (0), bool (False), and of a text
            its code, int32, a place in `texts` (-1)
    valid   by field, shape (lines,), bool: whether there is a value
    texts   by field of type text: its texts, each once, in the order in which they came
    census  what became of the lines; one with a value of another type is bad
    """

    arrays: Mapping[str, NDArray[Any]]
    valid: Mapping[str, NDArray[np.bool_]]
    texts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    census: Census = field(default_factory=Census)

    def __len__(self) -> int:
        return len(next(iter(self.valid.values())))

    def __getitem__(self, name: str) -> NDArray[Any]:
        return self.arrays[name]

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Hand the columns to whoever speaks Arrow: pyarrow.table(table), polars.DataFrame(table).

        Numbers are not copied. Raises EngineError where pyarrow is not installed.
        """
        try:
            import pyarrow
        except ModuleNotFoundError as error:
            raise missing("__arrow_c_stream__", error, "arrow") from error
        columns = {}
        for name, values in self.arrays.items():
            mask = ~self.valid[name]
            columns[name] = pyarrow.array(values, mask=mask, from_pandas=False)
            if name in self.texts:
                texts = pyarrow.array(self.texts[name], pyarrow.string())
                columns[name] = pyarrow.DictionaryArray.from_arrays(columns[name], texts)
        stream: object = pyarrow.table(columns).__arrow_c_stream__(requested_schema)
        return stream


def read(
    path: str | os.PathLike[str],
    wanted: Mapping[str, Type],
    *,
    strict: bool = False,
    cap: int = CAP,
    deadline_s: float | None = None,
) -> Table:
    """Read fields of a plain log; `wanted` maps a field of the line's own object to its type.

    null and an absent field are no value. Raises Error where the file cannot be read, OptionError
    for no field or another type, DeadlineError.
    """
    if not wanted:
        raise OptionError("wanted has no field; expected one or more")
    found = core.core().columns(os.fspath(path), list(wanted.items()), strict, cap, deadline_s)
    arrays = dict(found["columns"])
    texts = {name: tuple(arrays[name][1]) for name, kind in wanted.items() if kind == "text"}
    arrays |= {name: arrays[name][0] for name in texts}
    return Table(arrays, found["valid"], texts, core.census(found))
