"""Which audio a batch consists of, files and folders of them, and what its outputs are called."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import AudioError, OptionError
from asrbench.speech import audio, weights
from asrbench.speech.audio import Pcm

SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".aiff", ".aif")
"""What is taken of a folder; a file that is named is read whatever its suffix."""


@dataclass(frozen=True, slots=True)
class Input:
    """A file of a batch, or what was heard already: `pcm`, of the standard input, a microphone.

    Invariants: `under` is relative and has no "..": where below a folder of outputs its outputs
    go; `stem` is what they are called, without their endings. `refused` says why there is nothing
    to read, where that is known.
    """

    path: Path
    under: Path
    stem: str
    pcm: Pcm | None = None
    refused: str = ""

    def __post_init__(self) -> None:
        """Refuse what would lead out of the folder of outputs."""
        if self.under.is_absolute() or ".." in self.under.parts or "/" in self.stem:
            raise ValueError(f"{self.under} / {self.stem}; expected a place below a folder")

    def sha256(self) -> str:
        """Return the SHA-256 of the file, or of pcm. Raises AudioError where it cannot be read."""
        if self.pcm is not None:
            return hashlib.sha256(self.pcm.data).hexdigest()
        self._check()
        try:
            return weights.sha256(self.path)
        except OSError as error:
            raise AudioError(f"cannot read {str(self.path)!r}: {error}") from error

    def read(self) -> Pcm:
        """Return the audio, float32 of shape (n,) at 16 kHz. Raises AudioError."""
        self._check()
        return audio.read(self.path) if self.pcm is None else self.pcm

    def _check(self) -> None:
        if self.refused:
            raise AudioError(self.refused)
        if self.pcm is None and not _is(self.path.is_file):  # a pipe would be read for ever
            raise AudioError(f"{str(self.path)!r} is no file; expected an audio file")


def inputs(given: Sequence[Path]) -> list[Input]:
    """Return the files in the order given, of each folder those with SUFFIXES, recursive, sorted.

    Hidden files and folders are left out, links to folders are not followed. A file that is given
    twice is there once. Files that differ in their suffix alone keep it: talk.wav and talk.mp3
    become talk.wav.srt and talk.mp3.srt. A folder that holds no audio or cannot be read is an
    input that is refused.
    """
    found: dict[Path, tuple[Path, str]] = {}  # a file -> the folder it was found in, a refusal
    for path in given:
        if _is(path.is_dir):
            for file, refused in _below(path):
                found.setdefault(file, (path, refused))
        else:
            found.setdefault(path, (path.parent, ""))
    stems = Counter((file.parent, file.stem) for file in found)
    return [
        Input(
            file,
            Path() if file == root else file.parent.relative_to(root),
            file.stem if stems[file.parent, file.stem] == 1 else file.name,
            refused=refused,
        )
        for file, (root, refused) in found.items()
    ]


def check_apart(some: Sequence[Input], written: Callable[[Input], Sequence[Path]]) -> None:
    """Refuse inputs of which two would write the same file, by `written`, with OptionError."""
    taken: dict[Path, Path] = {}
    for one in some:
        for path in () if one.refused else written(one):
            other = taken.setdefault(path.absolute(), one.path)
            if other != one.path:
                raise OptionError(
                    f"{str(other)!r} and {str(one.path)!r} would both be written as "
                    f"{str(path)!r}; expected names of their own, or a call for each"
                )


def _is(asked: Callable[[], bool]) -> bool:
    """Return the answer, no where the system has none: a name too long, a folder that is shut."""
    try:
        return asked()
    except OSError:
        return False


def _below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield the audio files below a folder, and folders that cannot be read with the reason."""
    refused: list[OSError] = []
    some = False
    for where, folders, names in os.walk(folder, onerror=refused.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.lower().endswith(SUFFIXES) and not name.startswith("."):
                some = True
                yield Path(where, name), ""
    for error in refused:
        yield Path(error.filename), f"cannot read the folder {error.filename!r}: {error.strerror}"
    if not some and not refused:
        yield folder, f"{str(folder)!r} holds no audio; expected files in {', '.join(SUFFIXES)}"
