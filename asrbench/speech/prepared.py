"""Weights are laid out for the kernels once, kept in the cache, and mapped from then on."""

from __future__ import annotations

import contextlib
import hashlib
import json
import mmap
import os
import tempfile
from pathlib import Path
from typing import Literal, TypeAlias

from asrbench import _native
from asrbench.errors import Error, ModelError
from asrbench.speech.weights import Weights, cache_folder, identity

Precision: TypeAlias = Literal["float32", "int16", "int8"]
Windows: TypeAlias = Literal["full", "cached"]

PRECISION: Precision = "int16"
"""The default: its word error rate is float32's."""

WINDOWS: Windows = "full"
"""The default: what every Whisper computes."""


def load(
    found: Weights, precision: Precision = PRECISION, windows: Windows = WINDOWS
) -> _native.Model:
    """Return the model of these files, from the cache where it was prepared before.

    float32 is always laid out anew, which is quick. Where the cache cannot be written, so is the
    rest. Raises ModelError where a file is damaged or they do not belong together, OptionError for
    another precision or other windows.
    """
    config, vocabulary = found.config.read_bytes(), found.vocabulary.read_bytes()
    isa = _native.isa()
    how = (config, vocabulary, isa, precision, windows)
    if precision == "float32":
        return _lay_out(found, *how)
    path = path_of(found, precision, windows)
    with contextlib.suppress(Error, OSError):  # none yet, damaged, or somebody else's
        return _native.Model.open(str(path), *how)
    model = _lay_out(found, *how)
    if _save(model, path):
        _remove_older(path)
        with contextlib.suppress(Error, OSError):  # replaced meanwhile
            return _native.Model.open(str(path), *how)
    return model


def path_of(found: Weights, precision: Precision, windows: Windows) -> Path:
    """Return where the prepared weights of these files lie, or would.

    Another model file, instruction set, precision, windows or version has another place.
    """
    of = _key(str(found.model.resolve()), _native.isa(), precision, windows)
    made = _key(identity(found.model), _native.__version__, _native.PREPARED_VERSION)
    return cache_folder() / "prepared" / f"{of}-{made}.bin"


def _key(*what: object) -> str:
    return hashlib.sha256(json.dumps(what).encode()).hexdigest()[:16]


def _remove_older(path: Path) -> None:
    """Remove what was prepared for the same use of an older file at the model's place, or by us.

    Whoever has mapped it keeps it until he ends.
    """
    of = path.stem.partition("-")[0]
    for older in path.parent.glob(f"{of}-*.bin"):
        if older != path:
            with contextlib.suppress(OSError):  # another process was there first, or may not
                older.unlink()


def _lay_out(
    found: Weights,
    config: bytes,
    vocabulary: bytes,
    isa: str,
    precision: Precision,
    windows: Windows,
) -> _native.Model:
    with found.model.open("rb") as file:
        if found.model.stat().st_size == 0:  # which no system maps
            raise ModelError(f"{found.model} is empty; expected a model of CTranslate2")
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as model_bin:
            return _native.Model(model_bin, config, vocabulary, isa, precision, windows)


def _save(model: _native.Model, path: Path) -> bool:
    """Write the weights whole or not at all; say whether they are there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
    except OSError:  # a cache that cannot be written
        return False
    try:
        model.save(temporary)
        os.fsync(handle)
        Path(temporary).replace(path)
    except (OSError, Error, UnicodeError, TypeError):  # a full disk, a path that C++ cannot take
        return False
    finally:
        os.close(handle)
        Path(temporary).unlink(missing_ok=True)
    return True
