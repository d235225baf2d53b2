"""`asrbench transcribe`: audio in; text, subtitles and events out, of one file or of thousands."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from asrbench.cli.exits import Exit
from asrbench.errors import AudioError, OptionError

if TYPE_CHECKING:
    from asrbench.speech.batch import Write
    from asrbench.speech.inputs import Input
    from asrbench.speech.prepared import Precision, Windows

_STDIN = "-"
_FORMATS = "txt, json, srt, vtt, tsv, words.tsv"


def transcribe(
    files: Annotated[
        list[str] | None,
        typer.Argument(help="WAV, FLAC, OGG or MP3, folders of them, - for the standard input."),
    ] = None,
    formats: Annotated[
        str | None, typer.Option("--format", help=f"Files to write, with commas: {_FORMATS}.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="A folder to write below, instead of beside the audio.")
    ] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Also make what is there already, whole and the same.")
    ] = False,
    jobs: Annotated[int, typer.Option(min=1, max=256, help="Files at a time, one model.")] = 1,
    vad: Annotated[
        str, typer.Option(help="off; energy or silero: leave silence out, cut at pauses.")
    ] = "off",
    extract: Annotated[
        Path | None, typer.Option(help="A TOML file of patterns; what is found becomes events.")
    ] = None,
    raw: Annotated[
        bool, typer.Option("--raw", help="The standard input is 16-bit mono PCM at 16 kHz.")
    ] = False,
    microphone: Annotated[
        bool, typer.Option("--microphone", help="Listen until Ctrl-C, or for --seconds.")
    ] = False,
    seconds: Annotated[float | None, typer.Option(min=0.1, help="Of the microphone.")] = None,
    device: Annotated[str | None, typer.Option(help="A microphone's name or number.")] = None,
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
    language: Annotated[
        str, typer.Option(help="Of a multilingual model: en, de, ...; auto is heard.")
    ] = "en",
    translate: Annotated[
        bool, typer.Option("--translate", help="To English, by a multilingual model.")
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Times and probabilities of words, where written.")
    ] = False,
    beam: Annotated[int | None, typer.Option(help="Texts that grow side by side; 1.")] = None,
    fallback: Annotated[
        bool, typer.Option("--fallback", help="Try loops again at temperatures 0.2 to 1.")
    ] = False,
    prompt: Annotated[
        str | None, typer.Option(help="Text said to precede: names, spelling, style.")
    ] = None,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", help="NAME=VALUE of asrbench.speech.decoding; repeatable."),
    ] = None,
    deadline: Annotated[
        float | None,
        typer.Option(min=0, help="Seconds after which a file's transcription is stopped."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line.")] = False,
) -> int:
    """Transcribe audio with the native recognizer.

    Example: asrbench transcribe --format srt,json --out texts --jobs 2 recordings/ talk.flac

    Without --format and --out texts are printed. A broken batch goes on where it was: what is

    there, whole, of the same audio and options, is skipped. Ends with 1 where audio could not be

    used; the rest is transcribed.
    """
    from asrbench.cli import decodings, transcribed  # --help needs neither libraries nor extension
    from asrbench.speech import inputs, voice
    from asrbench.speech.batch import Batch, Places
    from asrbench.speech.decoding import LADDER
    from asrbench.speech.inputs import Input
    from asrbench.speech.recognizer import Recognizer

    heard = microphone or _STDIN in (files or ())
    try:
        writers, endings, found = _writing(formats, out, extract, heard=heard)
        some = _inputs(files or [], heard=heard)
        _expect_heard(raw and _STDIN not in (files or ()), "--raw", "the standard input, -")
        lone = not microphone and (seconds is not None or device is not None)
        _expect_heard(lone, "--seconds and --device", "--microphone")
        places = Places(out, endings)
        heard_later = ["stdin"] * (_STDIN in (files or ())) + ["microphone"] * microphone
        later = [Input(Path(name), Path(), name) for name in heard_later]
        inputs.check_apart([*some, *later], places.files)
        named = {
            "beam_size": beam,
            "temperatures": LADDER if fallback else None,
            "prompt": prompt,
            "task": "translate" if translate else None,
            "words": words or extract is not None or "words.tsv" in endings,
        }
        decoding = decodings.decoding(settings or (), named)
        detect = None if vad == "off" else voice.detector(vad)
        recognizer = Recognizer(
            model,
            threads,
            language=None if language == "auto" else language,
            precision=cast("Precision", precision),
            windows=cast("Windows", windows),
        )
    except OptionError as error:  # a word or a number that is no choice
        raise typer.BadParameter(str(error)) from error
    if _STDIN in (files or ()):
        some.append(_standard_input(raw))
    if microphone:
        some.append(_microphone(seconds, device))
    chosen: dict[str, object] = {
        "precision": precision,
        "windows": windows,
        "vad": vad,
        "patterns": found,
    }
    chosen |= {"language": language, "decoding": asdict(decoding)}
    chosen = transcribed.choices(recognizer, chosen) if endings else {}
    transcribing = transcribed.transcribing(recognizer, decoding, detect, deadline)
    batch = Batch(transcribing, Places(out, endings, chosen, again), writers)
    try:
        return transcribed.show(batch.all(some, jobs), some, writers, as_json=as_json)
    except KeyboardInterrupt:
        if jobs > 1:  # calls on other threads hear no Ctrl-C; what they write is whole or not there
            sys.stdout.flush()
            os._exit(Exit.INTERRUPTED)
        raise


def _writing(
    formats: str | None, out: Path | None, extract: Path | None, *, heard: bool
) -> tuple[dict[str, Write], tuple[str, ...], str | None]:
    """Return who writes what, the endings of the files to write, and which patterns are sought.

    There are no endings where texts are printed.
    """
    from asrbench.cli.transcribed import EVENTS
    from asrbench.speech import patterns
    from asrbench.speech.outputs import FORMATS

    writers: dict[str, Write] = dict(FORMATS)
    found = None
    if extract is not None:
        sought = patterns.read(extract)
        writers[EVENTS] = partial(patterns.written, sought)
        found = patterns.fingerprint(sought)
    if formats is None and out is None:
        return writers, (), found
    if heard and out is None:
        raise OptionError("--format has no file to write beside; expected --out")
    asked = dict.fromkeys(name.strip() for name in (formats or "txt").split(","))
    for name in asked:
        if name not in writers:
            raise OptionError(f"--format has {name!r}; expected some of {', '.join(writers)}")
    if extract is not None:
        asked[EVENTS] = None
    return writers, tuple(asked), found


def _expect_heard(asked: bool, option: str, where: str) -> None:
    """Refuse an option of something that is not heard."""
    if asked:
        raise OptionError(f"{option} is given without what is heard; expected {where}")


def _inputs(files: Sequence[str], *, heard: bool) -> list[Input]:
    """Return the files; what is heard comes behind them."""
    from asrbench.speech import inputs

    if not files and not heard:
        raise OptionError("no audio is given; expected files, folders, - or --microphone")
    return inputs.inputs([Path(file) for file in files if file != _STDIN])


def _standard_input(raw: bool) -> Input:
    """Return what the standard input holds, refused where it is no audio."""
    from asrbench.speech import audio
    from asrbench.speech.inputs import Input

    data = sys.stdin.buffer.read() if sys.stdin is not None else b""  # which is closed, maybe
    try:
        pcm = audio.read(data) if raw else audio.decoded(data, "the standard input")
    except AudioError as error:
        return Input(Path(_STDIN), Path(), "stdin", refused=str(error))
    return Input(Path(_STDIN), Path(), "stdin", pcm)


def _microphone(seconds: float | None, device: str | None) -> Input:
    """Return what a microphone hears. Raises AudioError and EngineError."""
    from asrbench.speech.inputs import Input
    from asrbench.speech.microphone import record

    print("listening; Ctrl-C ends it", file=sys.stderr, flush=True)
    return Input(Path("microphone"), Path(), "microphone", record(seconds, device))
