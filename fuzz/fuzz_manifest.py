"""Manifests of any text: refused as CorpusError, or a corpus whose records hold together."""

from __future__ import annotations

import math
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import soundfile

from asrbench import AudioError, CorpusError
from asrbench.speech.corpus.manifest import read_manifest

INSTRUMENT = ("asrbench.speech.corpus", "json")
FOLDER = tempfile.TemporaryDirectory(prefix="asrbench-fuzz-")
FILE = Path(FOLDER.name, "manifest.jsonl")
soundfile.write(Path(FOLDER.name, "a.wav"), np.zeros(160), 16000)
soundfile.write(Path(FOLDER.name, "b.wav"), np.zeros(160), 16000)


def one_input(data: bytes) -> None:
    """Read the manifest, and load what it names."""
    FILE.write_bytes(data)
    try:
        corpus = read_manifest(FILE)
    except CorpusError:
        return
    ids = [utterance.id for utterance in corpus.utterances]
    assert ids
    assert len(set(ids)) == len(ids)
    for utterance in corpus.utterances:
        assert 0 < utterance.duration_s < math.inf
        try:
            utterance.pcm()
        except AudioError:
            continue


def seeds() -> Iterator[bytes]:
    """Yield sound manifests with every field, and lines that are nearly sound."""
    yield b'{"audio_filepath": "a.wav", "duration": 0.01, "text": "yes"}\n'
    yield (
        b'{"audio_filepath": "a.wav", "duration": 0.005, "offset": 0.005, "licence": "MIT"}\n'
        b'{"audio_filepath": "b.wav", "duration": 1e-3, "text": null, "speaker": 3}\n'
    )
    line = b'{"audio_filepath": "a.wav", "duration": 1}\n'
    yield line + line.replace(b"a.wav", b"./a.wav")
    yield b'{"audio_filepath": "../a.wav", "duration": -1, "text": ["no"]}'
