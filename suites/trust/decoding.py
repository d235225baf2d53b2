"""Each choice of a search is made here and in faster-whisper, and what they find is compared.

    python -m suites.trust.decoding                     all choices over speech-dev
    python -m suites.trust.decoding --choice beams      one of them
    python -m suites.trust.decoding --limit 4 --precision float32

A line for each choice and kind of file (short, and longer than a window): the WER of both, the
difference with its paired 95 % interval, the texts that are equal, the segments whose times lie
within 0.2 s, the real-time factors; below them the words that differ. --out keeps all as JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError
from asrbench.measure.run_file import write_whole
from asrbench.speech import corpus
from asrbench.speech.corpus import Corpus, Utterance
from asrbench.speech.decoding import LADDER, Decoding
from asrbench.speech.engines.faster_whisper import FasterWhisper
from asrbench.speech.engines.native import Native
from asrbench.speech.scoring import contrast, score
from asrbench.speech.transcript import Transcript

WINDOW_S = 30.0
NEAR_S = 0.2
CHOICES: Mapping[str, Decoding] = {
    "greedy": Decoding(),
    "beams": Decoding(beam_size=5),
    "penalty": Decoding(beam_size=5, patience=2.0, length_penalty=0.6),
    "ladder": Decoding(temperatures=LADDER),
    "prompt": Decoding(prompt="A telephone exchange, a reading from a novel."),
    "hotwords": Decoding(hotwords="voicemail extension PBX"),
    "previous": Decoding(condition_on_previous_text=True),
    "usual": Decoding(beam_size=5, temperatures=LADDER, condition_on_previous_text=True),
}
"""By name; the last one has faster-whisper's own defaults."""


@dataclass(frozen=True, slots=True)
class File:
    """What both engines made of an utterance, in so many seconds.

    Invariants: the audio has a duration.
    """

    utterance: Utterance
    seconds: float
    ours: Transcript
    theirs: Transcript
    our_s: float
    their_s: float

    def __post_init__(self) -> None:
        """Refuse audio of no duration: it has no real-time factor."""
        if not self.seconds > 0:
            raise CorpusError(f"{self.utterance.id} has {self.seconds} s; expected more than 0")


@dataclass(frozen=True, slots=True)
class Line:
    """What was found of one choice over one kind of file.

    Invariants: `equal` is at most `utterances`; error rates are fractions, times are seconds.
    """

    choice: str
    kind: str
    utterances: int
    ours: float
    theirs: float
    difference: float
    low: float
    high: float
    equal: int
    near: float | None  # share of our segments; None where there is none to compare
    rtf: float
    their_rtf: float
    differing: tuple[str, ...]

    def __post_init__(self) -> None:
        """Refuse more equal texts than there are."""
        if not 0 <= self.equal <= self.utterances:
            raise ValueError(f"{self.equal} of {self.utterances} texts are equal")


def main() -> None:
    """Parse, run, print."""
    parser = argparse.ArgumentParser(prog="suites.trust.decoding", description=__doc__)
    parser.add_argument("--choice", choices=CHOICES, action="append", default=[])
    parser.add_argument("--corpus", default="speech-dev")
    parser.add_argument("--limit", type=int, help="only the first so many files")
    parser.add_argument("--precision", choices=["float32", "int16", "int8"], default="int16")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--out", type=Path, default=Path("asrbench-runs/decoding.json"))
    asked = parser.parse_args()
    heard = corpus.find(asked.corpus)
    heard = replace(heard, utterances=heard.utterances[: asked.limit])
    found: list[Line] = []
    for name in asked.choice or CHOICES:
        found += compared(name, CHOICES[name], heard, asked.precision, asked.threads)
        write_whole(asked.out, json.dumps([asdict(line) for line in found], ensure_ascii=False))
        for line in [line for line in found if line.choice == name]:
            print(told(line), *(f"    {words}" for words in line.differing), sep="\n", flush=True)


def compared(
    name: str, decoding: Decoding, heard: Corpus, precision: str, threads: int
) -> list[Line]:
    """Transcribe with both engines, file by file in turns; return a line for each kind of file."""
    options = EngineOptions(threads=threads)
    ours = Native(options, precision, "full", decoding)  # type: ignore[arg-type]  # argparse chose
    theirs = FasterWhisper(options, "float32", decoding)
    files: list[File] = []
    for utterance in heard.utterances:
        pcm = utterance.pcm()
        outputs, took = [], []
        for engine in (ours, theirs):
            began = time.perf_counter()
            outputs.append(engine.run(pcm))
            took.append(time.perf_counter() - began)
        files.append(File(utterance, len(pcm) / 16_000, outputs[0], outputs[1], took[0], took[1]))
    kinds = {
        "short": [file for file in files if file.seconds <= WINDOW_S],
        "long": [file for file in files if file.seconds > WINDOW_S],
    }
    return [_line(name, kind, heard, some) for kind, some in kinds.items() if some]


def told(line: Line) -> str:
    """Return a row of the table."""
    near = "-" if line.near is None else f"{line.near:.0%}"
    return (
        f"{line.choice} | {line.kind} | {line.ours:.2%} | {line.theirs:.2%} | "
        f"{100 * line.difference:+.2f} ({100 * line.low:+.1f} to {100 * line.high:+.1f}) | "
        f"{line.equal} of {line.utterances} | {near} | {line.rtf:.3f} | {line.their_rtf:.3f}"
    )


def _line(name: str, kind: str, heard: Corpus, files: Sequence[File]) -> Line:
    part = replace(heard, utterances=tuple(file.utterance for file in files))
    ours = {file.utterance.id: file.ours for file in files}
    theirs = {file.utterance.id: file.theirs for file in files}
    apart = contrast(part, ours, theirs)
    our_rate, their_rate = score(part, ours).value, score(part, theirs).value
    if apart is None or our_rate is None or their_rate is None:
        raise CorpusError(f"the {kind} files have no reference; expected one to score against")
    audio_s = sum(file.seconds for file in files)
    return Line(
        name,
        kind,
        len(files),
        our_rate,
        their_rate,
        apart.difference,
        apart.low,
        apart.high,
        sum(file.ours.text == file.theirs.text for file in files),
        near([(file.ours, file.theirs) for file in files]),
        sum(file.our_s for file in files) / audio_s,
        sum(file.their_s for file in files) / audio_s,
        apart.lines,
    )


def near(pairs: Sequence[tuple[Transcript, Transcript]]) -> float | None:
    """Return the share of our segments that have one of theirs with both times within 0.2 s."""
    hits = total = 0
    for ours, theirs in pairs:
        total += len(ours.segments)
        for segment in ours.segments:
            hits += any(
                abs(segment.start_s - other.start_s) <= NEAR_S
                and abs(segment.end_s - other.end_s) <= NEAR_S
                for other in theirs.segments
            )
    return hits / total if total else None


if __name__ == "__main__":
    main()
