"""The corpora of the speech workload, found by name or by path."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from asrbench.errors import CorpusError
from asrbench.speech.corpus import asterisk
from asrbench.speech.corpus.librispeech import read_librispeech, transcripts
from asrbench.speech.corpus.manifest import read_manifest
from asrbench.speech.corpus.records import Corpus, Utterance

__all__ = ["Corpus", "Known", "Utterance", "find", "known"]

_PACKAGE = Path(__file__).resolve().parents[2]
_EMBEDDED = _PACKAGE / "speech" / "embedded" / "manifest.jsonl"
_SPEECH_DEV = Path("..", "shared", "data", "speech-dev", "manifest.jsonl")


class Known(NamedTuple):
    """A corpus that has a name: where it lies, whether it can be used now, how to get it if not."""

    name: str
    where: str
    available: bool
    how_to_get: str


def known() -> tuple[Known, ...]:
    """Return every corpus that has a name, whether it is here or not."""
    dev = _speech_dev()
    return (
        Known("embedded", str(_EMBEDDED.parent), _EMBEDDED.is_file(), "ships with asrbench"),
        Known("asterisk", str(asterisk.SOUNDS), _asterisk_is_here(), asterisk.HOW_TO_GET),
        Known(
            "speech-dev",
            str((dev or _SPEECH_DEV).parent),
            dev is not None,
            f"put the data set at {_SPEECH_DEV.parent}, seen from the checkout",
        ),
    )


def find(name_or_path: str | Path) -> Corpus:
    """Return a corpus: one of `known`, a .jsonl manifest, a folder with one, or LibriSpeech.

    Several names with "+" between them, "speech-dev+asterisk", are one corpus of all their
    utterances, whose ids then begin with the name. Raises CorpusError when there is none of that
    name, or a line of it cannot be used.
    """
    name = str(name_or_path)
    if "+" in name and not Path(name).exists():
        return _joined(name)
    if name == "embedded":
        return read_manifest(_EMBEDDED, name)
    if name == "asterisk":
        return asterisk.read_asterisk()
    if name == "speech-dev":
        dev = _speech_dev()
        if dev is None:
            raise CorpusError(f"speech-dev is not at {_SPEECH_DEV.parent}; expected the data there")
        return read_manifest(dev, name)
    return _at(Path(name))


def _joined(names: str) -> Corpus:
    """Return the corpora as one. Raises CorpusError for a name that is missing or comes twice."""
    parts = names.split("+")
    if "" in parts or len(set(parts)) < len(parts):
        raise CorpusError(f"corpora are {names!r}; expected different names with '+' between them")
    corpora = {part: find(part) for part in parts}
    utterances = tuple(
        replace(utterance, id=f"{part}/{utterance.id}")
        for part, corpus in corpora.items()
        for utterance in corpus.utterances
    )
    licences = "; ".join(f"{part}: {corpus.licence}" for part, corpus in corpora.items())
    return Corpus(names, utterances, licences)


def _at(path: Path) -> Corpus:
    if path.is_file():
        return read_manifest(path)
    inside = path / "manifest.jsonl"
    if inside.is_file():
        return read_manifest(inside, path.resolve().name)
    if path.is_dir() and transcripts(path):
        return read_librispeech(path)
    names = ", ".join(corpus.name for corpus in known())
    raise CorpusError(
        f"corpus {str(path)!r} is not known; expected one of {names}, a .jsonl manifest, a folder "
        "with manifest.jsonl, or a LibriSpeech folder"
    )


def _asterisk_is_here() -> bool:
    decoder = importlib.util.find_spec("av") is not None
    return decoder and asterisk.TEXTS.is_file() and asterisk.SOUNDS.is_dir()


def _speech_dev() -> Path | None:
    """Return the manifest of speech-dev beside the working folder or the checkout, if there."""
    places = (_SPEECH_DEV, _PACKAGE.parent / _SPEECH_DEV)
    return next((place for place in places if place.is_file()), None)
