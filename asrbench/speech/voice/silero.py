"""Speech by Silero's network (v6), through onnxruntime: the extra [vad].

The file comes with faster-whisper, or with silero-vad (which brings PyTorch); either must be the
one that is pinned. Each frame is seen with the 64 values before it; the state of an LSTM goes on.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from asrbench.errors import EngineError
from asrbench.speech import weights
from asrbench.speech.audio import Pcm
from asrbench.speech.voice import FRAME

HOW_TO_GET = 'pip install "asrbench-perf[vad]"'

PINNED: Mapping[str, tuple[str, str]] = {
    "faster_whisper": (
        "assets/silero_vad_v6.onnx",
        "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
    ),
    "silero_vad": (
        "data/silero_vad_16k_sequence.onnx",
        "9ccdacc4719d8aa7e45a77536bfabec45a03ba1f2fad5e241ab4060b24238a85",
    ),
}
"""Where a package has the network, and its SHA-256."""

_CONTEXT = 64
_STATE = (1, 1, 128)
_BLOCK = 512  # frames of a call: 16 s


class Silero:
    """The network; one object serves many threads, for what a call remembers is the call's."""

    def __init__(self) -> None:
        """Load it. Raises EngineError where onnxruntime or the file is absent, or is another."""
        try:
            import onnxruntime
        except ModuleNotFoundError as error:
            raise EngineError(
                f"silero needs onnxruntime, which is not installed: {HOW_TO_GET}"
            ) from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            find().read_bytes(), options, providers=["CPUExecutionProvider"]
        )

    def __call__(self, pcm: Pcm) -> NDArray[np.float32]:
        """Return the probability of speech in each FRAME of pcm: shape (-(-n // FRAME),)."""
        count = -(-pcm.size // FRAME)
        padded = np.zeros(_CONTEXT + count * FRAME, np.float32)
        padded[_CONTEXT : _CONTEXT + pcm.size] = pcm
        rows = np.lib.stride_tricks.sliding_window_view(padded, _CONTEXT + FRAME)[::FRAME]
        h = c = np.zeros(_STATE, np.float32)
        found = np.empty(count, np.float32)
        for at in range(0, count, _BLOCK):
            block = np.ascontiguousarray(rows[at : at + _BLOCK])
            said, h, c = self._session.run(None, {"input": block, "h": h, "c": c})
            found[at : at + len(block)] = said
        return found


def find() -> Path:
    """Return the file of the network. Raises EngineError where there is none, or another one."""
    for package, (name, sha256) in PINNED.items():
        spec = importlib.util.find_spec(package)  # found, not imported: we want its file only
        for folder in (spec.submodule_search_locations or ()) if spec else ():
            path = Path(folder, name)
            if not path.is_file():
                continue
            found = weights.sha256(path)
            if found != sha256:
                raise EngineError(
                    f"{path} has SHA-256 {found}; expected {sha256}: {HOW_TO_GET} --force-reinstall"
                )
            return path
    raise EngineError(f"silero's network is in none of {', '.join(PINNED)}: {HOW_TO_GET}")
