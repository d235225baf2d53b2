"""asrbench measures speech recognizers with a C++ core, and brings one of its own.

`import asrbench` is light: what a name needs is imported when the name is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asrbench.errors import (
    AudioError,
    CorpusError,
    DeadlineError,
    EngineError,
    Error,
    ModelError,
    OptionError,
    RunError,
)

if TYPE_CHECKING:
    from asrbench.speech.recognizer import Recognizer
    from asrbench.speech.transcript import Segment, Transcript

__all__ = [
    "AudioError",
    "CorpusError",
    "DeadlineError",
    "EngineError",
    "Error",
    "ModelError",
    "OptionError",
    "Recognizer",
    "RunError",
    "Segment",
    "Transcript",
]

_LATER = {
    "Recognizer": "asrbench.speech.recognizer",
    "Segment": "asrbench.speech.transcript",
    "Transcript": "asrbench.speech.transcript",
}


def __getattr__(name: str) -> object:
    """Import a public name's module when the name is first asked for."""
    if name not in _LATER:
        raise AttributeError(f"module 'asrbench' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_LATER[name]), name)
