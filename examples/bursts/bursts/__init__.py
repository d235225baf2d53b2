"""An engine in ten lines: it hears how often somebody begins to speak."""

import numpy as np

from asrbench import Transcript


class Bursts:
    name = "bursts"

    def __init__(self, options):
        self.hop = 1600  # pcm values at 16 kHz: 100 ms

    def run(self, pcm):
        whole = pcm[: len(pcm) // self.hop * self.hop]
        loud = np.abs(whole).reshape(-1, self.hop).max(axis=1) > 0.05
        return Transcript("speech " * np.count_nonzero(loud[1:] & ~loud[:-1]))

    def close(self):
        pass
