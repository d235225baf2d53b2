"""`asrbench transcribe`: audio files in, text out."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.progress import track

from asrbench.cli.columns import printable
from asrbench.errors import OptionError
from asrbench.speech.transcript import Transcript

if TYPE_CHECKING:
    from asrbench.speech.prepared import Precision, Windows


def transcribe(
    files: Annotated[list[Path], typer.Argument(help="WAV, FLAC, OGG or MP3.", show_default=False)],
    model: Annotated[
        str | None, typer.Option(help="A model folder; by default the weights that are found.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of the recognizer.")] = 1,
    precision: Annotated[
        str, typer.Option(help="float32, int16 (near it, twice as fast) or int8.")
    ] = "int16",
    windows: Annotated[
        str, typer.Option(help="full, or cached: short audio several times as fast.")
    ] = "full",
    deadline: Annotated[
        float | None, typer.Option(help="Seconds after which a file's transcription is stopped.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> None:
    """Transcribe audio files with the native recognizer.

    Example: asrbench transcribe --threads 2 --json meeting.flac

    Ends with 1 at the first file that cannot be used.
    """
    from asrbench.speech import audio  # --help needs neither their libraries nor the extension
    from asrbench.speech.recognizer import Recognizer

    try:
        recognizer = Recognizer(
            model, threads, precision=cast("Precision", precision), windows=cast("Windows", windows)
        )
    except OptionError as error:  # a word or a number that is no choice
        raise typer.BadParameter(str(error)) from error
    watched = sys.stderr.isatty() and not sys.stdout.isatty()  # else the texts show how far it is
    for file in track(files, console=Console(stderr=True), disable=not watched, transient=True):
        pcm = audio.read(file)
        transcript = recognizer.transcribe_pcm(pcm, deadline)
        if as_json:
            print(json.dumps(_record(file, pcm.size / audio.RATE_HZ, transcript)), flush=True)
        else:
            text = transcript.text.strip()
            print(printable(f"{file}: {text}" if len(files) > 1 else text), flush=True)


def _record(file: Path, audio_s: float, transcript: Transcript) -> dict[str, object]:
    """Return what is printed of one file as JSON: times and stages in seconds."""
    return {
        "file": str(file),
        "audio_s": audio_s,
        "text": transcript.text.strip(),
        "avg_log_prob": transcript.avg_log_prob,
        "no_speech_prob": transcript.no_speech_prob,
        "stages": dict(transcript.stages),
        "segments": [dataclasses.asdict(segment) for segment in transcript.segments],
    }
