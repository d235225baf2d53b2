"""Debian's Asterisk prompts: one voice, telephone sentences, G.722 audio with its transcripts."""

from __future__ import annotations

import functools
import gzip
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from asrbench.errors import AudioError, CorpusError
from asrbench.speech import audio
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.corpus.records import Corpus, Utterance

SOUNDS = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
TEXTS = Path("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz")
LICENCE = "CC-BY-SA-3.0 (Allison Smith / Digium)"
HOW_TO_GET = (
    "apt-get install asterisk-core-sounds-en asterisk-core-sounds-en-g722; "
    'pip install "asrbench-perf[asterisk]"'
)

_NEVER_RECORDED = {"pls-try-call-later"}  # in the transcripts of 1.6.1-1, in no sound package
_VALUES_PER_BYTE = 2  # G.722 at 64 kbit/s: 16,000 values from 8,000 bytes a second
# Seen, not said: "(simple tone sound plays)", and the dots of "will be exactly...", of which the
# normaliser would make a word.
_REMARK = re.compile(r"\[.*?\]|<.*?>|\(.*?\)|\.\.\.")


def read_asterisk(sounds: Path = SOUNDS, texts: Path = TEXTS) -> Corpus:
    """Return the prompts that say something, in the order of their transcripts.

    Left out are the prompts whose text is only a remark: tones, silence, the monkeys. Raises
    CorpusError when the packages are not installed, or a line or a sound file is not as expected.
    """
    try:
        lines = gzip.decompress(texts.read_bytes()).decode("utf-8").splitlines()
    except FileNotFoundError as error:
        raise CorpusError(
            f"{str(texts)!r} is not there; expected the transcripts (slim images drop "
            f"/usr/share/doc at install): {HOW_TO_GET}"
        ) from error
    except (OSError, EOFError, ValueError) as error:
        raise CorpusError(f"cannot read {str(texts)!r}: {error}; expected gzip text") from error
    return Corpus("asterisk", tuple(_utterances(lines, sounds, texts)), LICENCE)


def _utterances(lines: list[str], sounds: Path, texts: Path) -> Iterator[Utterance]:
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith(";"):
            continue
        name, colon, text = line.partition(":")
        if not colon or not name.strip():
            raise CorpusError(f"{texts}:{number}: {line[:60]!r}; expected 'name: text'")
        said = " ".join(_REMARK.sub(" ", text).split())
        if not said or name in _NEVER_RECORDED:
            continue
        file = sounds / f"{name.strip()}.g722"
        if not file.is_file():
            raise CorpusError(
                f"{texts}:{number}: {str(file)!r} is not there; expected it: {HOW_TO_GET}"
            )
        duration_s = file.stat().st_size * _VALUES_PER_BYTE / RATE_HZ
        yield Utterance(name.strip(), duration_s, said, functools.partial(read_g722, file))


def read_g722(path: Path) -> Pcm:
    """Return the pcm of a raw G.722 file of 64 kbit/s (ITU-T G.722, 16 kHz mono), shape (n,).

    Raises AudioError when PyAV, which decodes it, is not installed, or the file does not decode.
    """
    try:
        import av  # optional, and slow to import
    except ImportError as error:
        raise AudioError(
            f'{str(path)!r} is G.722, which needs PyAV: pip install "asrbench-perf[asterisk]"'
        ) from error
    try:
        with av.open(str(path), format="g722") as container:
            blocks = [frame.to_ndarray()[0] for frame in container.decode(audio=0)]
    except (av.FFmpegError, OSError) as error:
        raise AudioError(f"{str(path)!r} does not decode: {error}; expected G.722") from error
    if not blocks:
        raise AudioError(f"{str(path)!r} holds no audio; expected G.722")
    return audio.from_array(np.concatenate(blocks), RATE_HZ)
