"""Reads config.json: tokens never said, or not said first, and heads that follow the audio."""

import json
from dataclasses import dataclass

from asrbench.errors import ModelError


@dataclass(frozen=True, slots=True)
class Config:
    """What the search and the words need of config.json.

    Invariants: every number is >= 0. `suppress_ids` are forbidden always, `suppress_ids_begin` as
    the first token of a window. `alignment_heads` are pairs of a layer and its head, none where the
    file names none.
    """

    suppress_ids: tuple[int, ...] = ()
    suppress_ids_begin: tuple[int, ...] = ()
    alignment_heads: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        """Refuse negative numbers: they would count from the end."""
        for token in (*self.suppress_ids, *self.suppress_ids_begin):
            if token < 0:
                raise ModelError(f"config.json suppresses token {token}; expected >= 0")
        for pair in self.alignment_heads:
            if min(pair) < 0:
                raise ModelError(f"config.json: alignment_heads has {list(pair)}; expected >= 0")


def read(text: bytes, vocabulary: int) -> Config:
    """Parse config.json for a vocabulary of that many tokens.

    Absent lists are empty. Raises ModelError on anything but a JSON object with lists of ids
    below `vocabulary`.
    """
    try:
        parsed = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ModelError(f"config.json is not JSON: {error}") from error
    if not isinstance(parsed, dict):
        raise ModelError(f"config.json holds a {type(parsed).__name__}; expected an object")
    return Config(
        _ids(parsed, "suppress_ids", vocabulary),
        _ids(parsed, "suppress_ids_begin", vocabulary),
        _heads(parsed),
    )


def _ids(config: dict[str, object], name: str, vocabulary: int) -> tuple[int, ...]:
    ids = config.get(name) or []
    if not isinstance(ids, list):
        raise ModelError(f"config.json: {name} is {ids!r}; expected a list of token ids")
    for token in ids:
        if type(token) is not int or not 0 <= token < vocabulary:
            raise ModelError(f"config.json: {name} has {token!r}; expected 0 to {vocabulary - 1}")
    return tuple(ids)


def _heads(config: dict[str, object]) -> tuple[tuple[int, int], ...]:
    pairs = config.get("alignment_heads")
    if pairs is None:
        return ()
    if not isinstance(pairs, list):
        raise ModelError(f"config.json: alignment_heads is {pairs!r}; expected a list of pairs")
    for pair in pairs:
        whole = isinstance(pair, list) and all(type(number) is int for number in pair)
        if not whole or len(pair) != 2:
            raise ModelError(
                f"config.json: alignment_heads has {pair!r}; expected a layer and its head"
            )
    return tuple((layer, head) for layer, head in pairs)
