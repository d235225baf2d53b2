"""Fields of a file that this version does not know are kept, each by its path in the file."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

from asrbench.gate.verdict import Where


def fields(value: Any, known: Any, at: Where = ()) -> Iterator[tuple[Where, Any]]:
    """Return the fields of a JSON value that the same value as we write it does not have."""
    if value is known:
        return
    if isinstance(value, dict) and isinstance(known, dict):
        for name, entry in value.items():
            if name in known:
                yield from fields(entry, known[name], (*at, name))
            else:
                yield (*at, name), entry
    elif isinstance(value, list) and isinstance(known, list):
        for place, (one, other) in enumerate(zip(value, known, strict=False)):
            yield from fields(one, other, (*at, place))


def put(kept: Mapping[Where, Any], value: Any) -> None:
    """Put fields back to where they stood; those of what is gone since are gone with it."""
    for (*way, name), entry in kept.items():
        with contextlib.suppress(LookupError, TypeError):
            here = value
            for step in way:
                here = here[step]
            here[name] = entry
