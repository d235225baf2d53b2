"""A LibriSpeech folder: FLAC files, and beside them *.trans.txt with an id and a text a line.

Layout: Panayotov et al., "LibriSpeech: an ASR corpus based on public domain audio books", 2015.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import soundfile

from asrbench.errors import CorpusError
from asrbench.speech import audio
from asrbench.speech.corpus.records import Corpus, Utterance

LICENCE = "CC-BY-4.0 (LibriSpeech, OpenSLR SLR12)"


def transcripts(folder: Path) -> list[Path]:
    """Return the transcript files anywhere below a folder, sorted; none: not LibriSpeech."""
    return sorted(folder.rglob("*.trans.txt"))


def read_librispeech(folder: Path) -> Corpus:
    """Return the corpus of all transcripts below a folder, named after it.

    Raises CorpusError, naming file and line, where a line has no text or its FLAC cannot be used.
    """
    utterances = [u for path in transcripts(folder) for u in _utterances(path)]
    return Corpus(folder.resolve().name, tuple(utterances), LICENCE)


def _utterances(path: Path) -> Iterator[Utterance]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise CorpusError(f"cannot read {str(path)!r}: {error}") from error
    for number, line in enumerate(lines, start=1):
        id_, _, text = line.strip().partition(" ")
        if not id_:
            continue
        where = f"{path}:{number}"
        if not text.strip():
            raise CorpusError(f"{where}: {line!r}; expected an id and a text")
        file = path.parent / f"{id_}.flac"
        try:
            duration_s = float(soundfile.info(file).duration)
        except (soundfile.LibsndfileError, OSError) as error:
            raise CorpusError(f"{where}: {error}; expected {str(file)!r} to be FLAC") from error
        yield Utterance(id_, duration_s, text.strip(), functools.partial(audio.read, file))
