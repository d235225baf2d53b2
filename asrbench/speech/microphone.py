"""What a microphone hears, until somebody stops it or the seconds are over (extra [microphone])."""

from __future__ import annotations

import queue
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import AudioError, EngineError
from asrbench.speech.audio import RATE_HZ, Pcm, from_array

LONGEST_S = 4 * 3600.0  # 0.9 GB of pcm
_BLOCK = 1600  # values that come at a time: 0.1 s


def record(seconds: float | None = None, device: str | None = None) -> Pcm:
    """Return what is heard, float32 of shape (n,) at 16 kHz; Ctrl-C ends it.

    `seconds` are at most LONGEST_S, which is also what None means. `device` is a name or a number
    that sounddevice knows, None for the system's own.

    Raises EngineError where sounddevice or PortAudio is not installed, AudioError where there is no
    such microphone, it does not hear at 16 kHz, or nothing was heard.
    """
    sound = _sounddevice()
    limit = round(min(seconds or LONGEST_S, LONGEST_S) * RATE_HZ)
    blocks: queue.SimpleQueue[NDArray[np.float32]] = queue.SimpleQueue()

    def heard(block: NDArray[np.float32], *_: Any) -> None:  # on a thread of PortAudio
        blocks.put(block[:, 0].copy())

    kept: list[NDArray[np.float32]] = []
    size = 0
    try:
        with sound.InputStream(
            samplerate=RATE_HZ,
            channels=1,
            dtype="float32",
            blocksize=_BLOCK,
            device=int(device) if device and device.isdecimal() else device,
            callback=heard,
        ):
            while size < limit:
                kept.append(blocks.get())
                size += len(kept[-1])
    except KeyboardInterrupt:  # the way to end it
        while not blocks.empty():
            kept.append(blocks.get())
    except (sound.PortAudioError, ValueError) as error:  # ValueError: no device of that name
        raise AudioError(f"microphone {device or ''}: {error}; expected one at 16 kHz") from error
    if not kept:
        raise AudioError("the microphone heard nothing; expected at least 0.1 s")
    return from_array(np.concatenate(kept)[:limit], RATE_HZ)


def _sounddevice() -> ModuleType:
    try:
        import sounddevice
    except ModuleNotFoundError as error:
        raise EngineError(
            "a microphone needs sounddevice, which is not installed: "
            'pip install "asrbench-perf[microphone]"'
        ) from error
    except OSError as error:  # its library is not there
        raise EngineError(
            f"a microphone needs PortAudio: {error} (Debian: apt-get install libportaudio2)"
        ) from error
    return sounddevice  # type: ignore[no-any-return,unused-ignore]  # typed where it is installed
