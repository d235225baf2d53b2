"""What a microphone hears becomes pcm, until the seconds are over or somebody stops it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from asrbench.errors import AudioError, EngineError
from asrbench.speech import microphone
from asrbench.speech.microphone import record


class PortAudioError(Exception):
    """What sounddevice raises."""


def sounding(opened: list[dict[str, Any]], blocks: int = 100) -> Callable[..., Any]:
    """An InputStream that hears 0.0, 0.001, 0.002 ... in so many blocks, at once."""

    class Stream:
        def __init__(self, **asked: Any) -> None:
            opened.append(asked)
            self._asked = asked

        def __enter__(self) -> None:
            size = self._asked["blocksize"]
            for number in range(blocks):
                block = np.arange(number * size, (number + 1) * size, dtype=np.float32) / 1000
                self._asked["callback"](block[:, None], size, None, None)
                block[:] = np.nan  # the memory is PortAudio's, and it is used again

        def __exit__(self, *_: object) -> None: ...

    return Stream


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A sounddevice whose InputStream is still to be said."""
    module = ModuleType("sounddevice")
    monkeypatch.setattr(module, "PortAudioError", PortAudioError, raising=False)
    monkeypatch.setitem(sys.modules, "sounddevice", module)
    return module


def test_what_is_heard_in_the_seconds_is_kept(
    sound: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[dict[str, Any]] = []
    monkeypatch.setattr(sound, "InputStream", sounding(opened), raising=False)

    pcm = record(0.25, "3")

    np.testing.assert_array_equal(pcm, np.arange(4000, dtype=np.float32) / 1000)
    assert opened[0]["samplerate"] == 16_000
    assert opened[0]["device"] == 3


def test_ctrl_c_ends_it_and_keeps_what_was_heard(
    sound: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(sounding([], blocks=3)):  # type: ignore[misc]  # a class made by a function
        def __enter__(self) -> None:
            super().__enter__()
            raise KeyboardInterrupt

    monkeypatch.setattr(sound, "InputStream", Interrupted, raising=False)

    assert record().size == 3 * 1600


def test_nothing_heard_is_refused(sound: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    class Interrupted(sounding([], blocks=0)):  # type: ignore[misc]  # likewise
        def __enter__(self) -> None:
            raise KeyboardInterrupt

    monkeypatch.setattr(sound, "InputStream", Interrupted, raising=False)

    with pytest.raises(AudioError, match="heard nothing"):
        record()


@pytest.mark.parametrize("error", [PortAudioError("no device"), ValueError("no device")])
def test_a_microphone_that_is_not_there_is_refused(
    error: Exception, sound: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(**_: Any) -> None:
        raise error

    monkeypatch.setattr(sound, "InputStream", absent, raising=False)

    with pytest.raises(AudioError, match="microphone usb: no device"):
        record(1.0, "usb")


def test_without_sounddevice_the_command_that_brings_it_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)

    with pytest.raises(EngineError, match=r"asrbench-perf\[microphone\]"):
        record()


def test_a_microphone_is_not_heard_for_ever(
    sound: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(microphone, "LONGEST_S", 0.3)
    monkeypatch.setattr(sound, "InputStream", sounding([]), raising=False)

    assert record().size == record(99.0).size == 4800
