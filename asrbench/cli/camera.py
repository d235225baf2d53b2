"""`asrbench camera`: frames through the filters and the detector, at the rate they come."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TextColumn

from asrbench.cli.columns import printable

if TYPE_CHECKING:
    from asrbench.frames.camera.trip import Trip

_FRAMES = 300  # of `synthetic`, which has no end


def camera(
    source: Annotated[
        str, typer.Option(help="A camera's number, a video file, or synthetic: 1920x1080 at 30 Hz.")
    ],
    save: Annotated[
        Path | None, typer.Option(help="Write edges and faces to a video: .avi or .mp4.")
    ] = None,
    detect: Annotated[
        bool, typer.Option("--detect", help="Look for faces with OpenCV's cascade.")
    ] = False,
    frames: Annotated[
        int | None, typer.Option(min=1, help=f"Frames to read; of synthetic {_FRAMES} by default.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, max=256, help="Threads of the filters.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> None:
    """Filter camera frames: edges, and with --detect even contrast and faces.

    Example: asrbench camera --source synthetic --frames 300 --threads 2

    Frames come at their rate, a file's too; what comes while a frame is worked on is dropped for

    the newest. Ctrl-C ends a camera; the figures until then are printed.
    """
    from asrbench.frames.camera import run as work  # --help needs neither NumPy nor the extension
    from asrbench.frames.camera import source as sources
    from asrbench.frames.camera.detector import Detector
    from asrbench.frames.camera.writer import CODECS, Writer

    if save is not None and save.suffix not in CODECS:
        raise typer.BadParameter(f"--save is {save}; expected a name with {' or '.join(CODECS)}")
    cv = sources.opencv() if save is not None or detect else None
    limit = _FRAMES if frames is None and source == sources.SYNTHETIC else frames
    opened = sources.find(source)
    writer = None if save is None else Writer(save, opened.rate_hz, cv)
    loop = work.Loop(threads, Detector(cv) if detect else None, writer)
    columns = (TextColumn("{task.description}"),)
    try:
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("waiting for a frame")
            work.run(
                opened,
                loop,
                limit,
                lambda number: bar.update(task, description=f"frame {number}"),
                lambda trip: _show(trip, source, as_json=as_json),
            )
    finally:
        opened.close()
        if writer is not None:
            writer.close()


def _show(trip: Trip, source: str, *, as_json: bool) -> None:
    """Print the figures of a trip, in lines or as one JSON object."""
    figures = trip.summary()
    if trip.read == 0:
        return
    if as_json:
        print(json.dumps({"source": source, **figures}), flush=True)
        return
    print(printable(f"{source}: {trip.rate_hz:g} frames per second"))
    for name, value in figures.items():
        if value is not None:
            shown = f"{value:.3g}" if isinstance(value, float) else str(value)
            print(f"{name:18}{shown}")
    sys.stdout.flush()
