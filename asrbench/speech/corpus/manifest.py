"""A NeMo-style manifest: one JSON object a line, naming an audio file with what is said in it.

Fields: `audio_filepath` (relative to the manifest), `duration` in seconds, `text` (may be missing),
`offset` in seconds (then the utterance is the `duration` seconds from there), `licence`, and
`word_ends`, the seconds from the utterance's beginning at which each word of `text` ends; others
are ignored. Format: NVIDIA NeMo documentation, "Preparing custom ASR data".
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import AudioError, CorpusError
from asrbench.speech import audio
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.corpus.records import Corpus, Utterance

_LONGEST_S = 10**8  # three years: no recording is longer, and its values can still be counted


def read_manifest(path: Path, name: str | None = None) -> Corpus:
    """Return the corpus of a manifest; it is named after the file unless `name` is given.

    An utterance's id is its audio file's stem (the whole `audio_filepath` where two stems are the
    same), with `@offset` behind it where there is one. Raises CorpusError that names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise CorpusError(f"cannot read manifest {str(path)!r}: {error}") from error
    lines = [
        _parsed(line, f"{path}:{number}")
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip()
    ]
    if not lines:
        raise CorpusError(f"{path}: no line; expected at least one utterance")
    stems = Counter(file.stem for file in {line.file for line in lines})
    _check_unique([(line.id(stems), line.where) for line in lines])
    licences = sorted({line.licence for line in lines if line.licence})
    return Corpus(
        name=name or path.stem,
        utterances=tuple(line.utterance(path.parent, stems) for line in lines),
        licence="; ".join(licences) or "unknown",
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a manifest; `duration_s` is above zero and `offset_s` not below, both finite."""

    where: str
    file: Path
    duration_s: float
    text: str | None
    offset_s: float | None
    licence: str | None
    word_ends_s: tuple[float, ...] | None

    def id(self, stems: Counter[str]) -> str:
        """Return the id: the stem, or the whole path where several files share the stem."""
        file = self.file.stem if stems[self.file.stem] == 1 else self.file.as_posix()
        return file if self.offset_s is None else f"{file}@{self.offset_s:g}"

    def utterance(self, folder: Path, stems: Counter[str]) -> Utterance:
        """Return the utterance whose audio lies in `folder`. Raises CorpusError if it does not."""
        path = folder / self.file
        try:
            there = path.is_file()
        except OSError as error:  # a name longer than the system has
            raise CorpusError(f"{self.where}: {error}; expected an audio file") from error
        if not there:
            raise CorpusError(f"{self.where}: {str(path)!r} is not there; expected an audio file")
        if self.offset_s is None:
            load = functools.partial(audio.read, path)
        else:
            load = functools.partial(_read_part, path, self.offset_s, self.duration_s)
        try:
            return Utterance(self.id(stems), self.duration_s, self.text, load, self.word_ends_s)
        except CorpusError as error:
            raise CorpusError(f"{self.where}: {error}") from error


def _parsed(line: str, where: str) -> _Line:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise CorpusError(f"{where}: {error}; expected a JSON object") from error
    if not isinstance(entry, dict):
        raise CorpusError(f"{where}: {line[:60]!r}; expected a JSON object")
    file = _text(entry, "audio_filepath", where)
    if not file or "\0" in file:
        raise CorpusError(f"{where}: audio_filepath is {file!r}; expected the name of a file")
    duration_s = _seconds(entry, "duration", where)
    if not duration_s:
        raise CorpusError(f"{where}: duration is {duration_s}; expected seconds above zero")
    return _Line(
        where=where,
        file=Path(file),
        duration_s=duration_s,
        text=_text(entry, "text", where),
        offset_s=_seconds(entry, "offset", where),
        licence=_text(entry, "licence", where),
        word_ends_s=_word_ends(entry, where),
    )


def _text(entry: dict[str, object], key: str, where: str) -> str | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, str):
        raise CorpusError(f"{where}: {key} is {value!r}; expected a string")
    return value


def _word_ends(entry: dict[str, object], where: str) -> tuple[float, ...] | None:
    value = entry.get("word_ends")
    if value is None:
        return None
    if not isinstance(value, list):
        raise CorpusError(f"{where}: word_ends is {repr(value)[:60]}; expected a list of seconds")
    ends = tuple(_checked(end, "word_ends", where) for end in value)
    if list(ends) != sorted(ends):
        raise CorpusError(f"{where}: word_ends is {repr(value)[:60]}; expected times that grow")
    return ends


def _seconds(entry: dict[str, object], key: str, where: str) -> float | None:
    value = entry.get(key)
    return None if value is None else _checked(value, key, where)


def _checked(value: object, key: str, where: str) -> float:
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not 0 <= value <= _LONGEST_S
    ):
        raise CorpusError(
            f"{where}: {key} is {repr(value)[:60]}; expected 0 to {_LONGEST_S} seconds"
        )
    return float(value)


def _check_unique(ids: list[tuple[str, str]]) -> None:
    first: dict[str, str] = {}
    for id_, where in ids:
        if id_ in first:
            raise CorpusError(f"{where}: {id_!r} again, after {first[id_]}; expected unique names")
        first[id_] = where


def _read_part(path: Path, offset_s: float, duration_s: float) -> Pcm:
    start = round(offset_s * RATE_HZ)
    part = audio.read(path)[start : start + round(duration_s * RATE_HZ)]
    if part.size == 0:
        raise AudioError(
            f"{str(path)!r} ends before its part at {offset_s} s; expected longer audio"
        )
    return part
