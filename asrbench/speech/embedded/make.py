"""Make the embedded corpus again: `python -m asrbench.speech.embedded.make` (needs Debian's flite).

The voice is flite's `rms` (CMU ARCTIC, Carnegie Mellon University); the sentences are ours. They
were kept because tiny.en understands them in this voice (of twenty it got seventeen right to the
word): the corpus shows that a recognizer works and how fast, not how good it is with people.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

SENTENCES = {
    "train": "The next train to the harbour leaves from platform four at twenty past nine.",
    "light": "Please turn on the light in the kitchen and close the window.",
    "weather": "Tomorrow will be cloudy in the morning, with a little rain in the afternoon.",
    "timer": "Set a timer for twelve minutes and remind me to take the bread out of the oven.",
    "order": "I would like two cups of coffee, one glass of water and a piece of apple cake.",
    "number": "The room number is three hundred and fifteen, on the third floor.",
    "price": "The repair costs forty two dollars and takes about three days.",
    "meeting": "Our meeting was moved from Monday to Thursday because the manager is ill.",
    "library": "The library stays open until eight o'clock in the evening during the week.",
    "doctor": "The doctor told him to drink more water and to sleep at least seven hours.",
    "computer": "The computer checks every answer before it measures the time.",
    "river": "After the long winter, the children ran down to the river to watch the ice melt.",
    "parcel": "Your parcel is waiting at the post office on Green Street.",
    "ship": "The ship crossed the ocean in nineteen days without meeting a storm.",
}
LICENCE = "Apache-2.0 (asrbench; voice: flite rms, Carnegie Mellon University)"
FOLDER = Path(__file__).resolve().parent


def make(folder: Path) -> None:
    """Write one FLAC file (16 kHz, mono, 16 bits) for each sentence, and manifest.jsonl.

    Raises FileNotFoundError without flite, CalledProcessError when it fails.
    """
    lines = []
    for name, sentence in SENTENCES.items():
        pcm, rate_hz = _spoken(sentence)
        soundfile.write(folder / f"{name}.flac", pcm, rate_hz, subtype="PCM_16")
        entry = {
            "audio_filepath": f"{name}.flac",
            "duration": round(len(pcm) / rate_hz, 4),
            "text": sentence,
            "licence": LICENCE,
        }
        lines.append(json.dumps(entry) + "\n")
    (folder / "manifest.jsonl").write_text("".join(lines), encoding="utf-8")


def _spoken(sentence: str) -> tuple[NDArray[np.int16], int]:
    """Return the voice's values, shape (n,), int16, with their rate in Hz."""
    with tempfile.TemporaryDirectory() as scratch:
        wav = Path(scratch, "spoken.wav")
        subprocess.run(["flite", "-voice", "rms", "-t", sentence, "-o", str(wav)], check=True)
        pcm, rate_hz = soundfile.read(wav, dtype="int16")
    return pcm, rate_hz


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
