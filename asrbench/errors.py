"""The few errors of asrbench, each answered differently by a caller.

C++ throws the same ones: the binding raises these very classes, so that Python knows no second set.
"""

from typing import Literal

Kind = Literal["refused", "raised", "died", "hung", "memory"]  # of a failure, as a Run calls it


class Error(Exception):
    """The base of every error that asrbench raises on purpose."""


class EngineError(Error):
    """An engine refuses an item. The caller may try another engine; anything else is a fault."""

    kind: Kind = "refused"


class AudioError(EngineError, ValueError):
    """The audio cannot be used: refuse the utterance."""


class DeadlineError(EngineError, TimeoutError):
    """The work did not end before its deadline and was stopped."""


class WorkerError(EngineError):
    """The process that an engine lives in gave no answer: it raised, died, hung or ate memory."""

    def __init__(self, kind: Kind, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class ModelError(Error, ValueError):
    """The model cannot be used: refuse to start."""


class CorpusError(Error, ValueError):
    """A manifest or a corpus folder cannot be used."""


class RunError(Error, ValueError):
    """A Run file cannot be read."""


class MeterError(Error, RuntimeError):
    """A quantity cannot be read on this machine: measure without it, or install what it needs."""


class OptionError(Error, ValueError):
    """An argument lies outside what the function takes."""


class PolicyError(Error, ValueError):
    """What a project says to the gate cannot be used: its policy, its cases, a revision."""
