"""What becomes of a batch, shown as it comes: texts, files, events, refusals, the time left."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from asrbench.cli.columns import printable
from asrbench.cli.exits import Exit
from asrbench.speech import doubt, voice
from asrbench.speech.batch import Outcome, Write
from asrbench.speech.inputs import Input
from asrbench.speech.outputs import jsonfile
from asrbench.speech.transcript import Transcript
from asrbench.speech.voice import pieces

if TYPE_CHECKING:
    from asrbench.speech.audio import Pcm
    from asrbench.speech.decoding import Decoding
    from asrbench.speech.recognizer import Recognizer

EVENTS = "events.json"


def transcribing(
    recognizer: Recognizer,
    decoding: Decoding,
    detect: voice.Detector | None,
    deadline_s: float | None,
) -> Callable[[Pcm], Transcript]:
    """Return what makes a transcript of pcm: of all of it, or of the speech in it."""

    def transcribe(pcm: Pcm) -> Transcript:
        if detect is None:
            return recognizer.transcribe_pcm(pcm, deadline_s, decoding)
        chosen = decoding

        def piece(part: Pcm, left_s: float | None) -> Transcript:
            nonlocal chosen
            said = recognizer.transcribe_pcm(part, left_s, chosen)
            chosen = replace(chosen, language=chosen.language or said.language)  # the first one's
            return said

        return pieces.transcribe(pcm, detect, piece, deadline_s)

    return transcribe


def choices(recognizer: Recognizer, chosen: Mapping[str, object]) -> dict[str, object]:
    """Return all that a transcript depends on but the audio: JSON values."""
    from asrbench.speech import weights

    model = weights.fingerprint(recognizer.weights)
    return {"asrbench": version("asrbench-perf"), "model": model, **chosen}


def show(
    outcomes: Iterator[Outcome],
    some: Sequence[Input],
    writers: Mapping[str, Write],
    *,
    as_json: bool,
) -> Exit:
    """Print each outcome as it comes; say NO where one was refused."""
    code = Exit.WELL
    with _bar(some) as advance:
        for outcome in outcomes:
            advance(outcome.input)
            name = printable(str(outcome.input.path))
            if outcome.error is not None:
                code = Exit.NO
                message = str(outcome.error)
                where = "" if repr(str(outcome.input.path)) in message else f"{name}: "
                print(f"asrbench: {where}{message}", file=sys.stderr)
            elif outcome.transcript is not None:
                for reason in doubt.doubts_of_all(outcome.transcript):
                    print(f"asrbench: {name}: doubtful, it {reason}", file=sys.stderr)
            for line in _lines(outcome, name if len(some) > 1 else "", writers, as_json):
                print(line, flush=True)
    return code


def _lines(
    outcome: Outcome, name: str, writers: Mapping[str, Write], as_json: bool
) -> Iterable[str]:
    """Yield what is printed of an outcome to the standard output."""
    if as_json:
        yield json.dumps(_record(outcome, writers))
    elif outcome.written:
        paths = ", ".join(printable(str(path)) for path in outcome.written)
        yield f"{paths}: there already" if outcome.skipped else paths
    elif outcome.transcript is not None and EVENTS in writers:
        for event in json.loads(writers[EVENTS](outcome.transcript))["events"]:
            yield json.dumps({"file": str(outcome.input.path), **event})
    elif outcome.transcript is not None:
        text = printable(outcome.transcript.text.strip())
        yield f"{name}: {text}" if name else text


def _record(outcome: Outcome, writers: Mapping[str, Write]) -> dict[str, Any]:
    """Return what is printed of an outcome as JSON: times and stages in seconds."""
    found: dict[str, Any] = {"file": str(outcome.input.path)}
    if outcome.written:
        found["written"] = [str(path) for path in outcome.written]
    if outcome.error is not None:
        return {**found, "error": str(outcome.error)}
    if outcome.transcript is None:
        return {**found, "skipped": True}
    found |= {"audio_s": outcome.audio_s, **jsonfile.record(outcome.transcript)}
    found["stages"] = dict(outcome.transcript.stages)
    if EVENTS in writers:
        found["events"] = json.loads(writers[EVENTS](outcome.transcript))["events"]
    return found


@contextmanager
def _bar(some: Sequence[Input]) -> Iterator[Callable[[Input], None]]:
    """Show how far it is and the time left, by the size of the inputs, on a terminal."""
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
        disable=not sys.stderr.isatty() or len(some) < 2,
        redirect_stdout=sys.stdout.isatty(),  # else rich sends the texts to the standard error
    ) as progress:
        task = progress.add_task("", total=len(some))

        def advance(given: Input) -> None:
            progress.update(task, advance=1, description=printable(given.path.name))

        yield advance
