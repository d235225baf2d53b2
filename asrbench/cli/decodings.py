"""How to decode, as it is written on the command line: NAME=VALUE for any field of Decoding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields

from asrbench.errors import OptionError
from asrbench.speech.decoding import Decoding

_TEXTS = {"prompt", "hotwords", "language", "task"}
_WORDS = {"true": True, "false": False, "none": None}


def decoding(written: Sequence[str], named: Mapping[str, object]) -> Decoding:
    """Return the choices: those `named` that are not None, and `written`, which go before them.

    Lists have commas: "temperatures=0,0.4,0.8". Raises OptionError for what is no NAME=VALUE, no
    field, or a value that the field refuses.
    """
    chosen = {name: value for name, value in named.items() if value is not None}
    known = [field.name for field in fields(Decoding)]
    for setting in written:
        name, equals, value = setting.partition("=")
        if not equals or name not in known:
            raise OptionError(
                f"--set has {setting!r}; expected NAME=VALUE with one of {', '.join(known)}"
            )
        chosen[name] = _value(name, value)
    return Decoding(**chosen)  # type: ignore[arg-type]  # it checks each field


def _value(name: str, written: str) -> object:
    """Return a value as its field's type has it."""
    if name in _TEXTS:
        return written
    if name == "temperatures":
        return tuple(_number(name, part) for part in written.split(","))
    if written.lower() in _WORDS:
        return _WORDS[written.lower()]
    return _number(name, written)


def _number(name: str, written: str) -> float:
    try:
        return int(written) if written.strip("+-").isdecimal() else float(written)
    except ValueError as error:
        raise OptionError(
            f"{name} is {written!r}; expected a number, true, false or none"
        ) from error
