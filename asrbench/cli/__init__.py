"""The command line: verbs that parse, call one function and print."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from asrbench.cli import (
    calibrate,
    camera,
    compare,
    corpus,
    doctor,
    engines,
    exits,
    fuzz,
    gate,
    price,
    pytest,
    report,
    run,
    transcribe,
    zoo,
)

app = typer.Typer(
    name="asrbench",
    help="Measure, compare and prove a speech recognizer and its native core.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
app.command("run")(run.run)
app.command("compare")(compare.compare)
app.command("gate")(gate.gate)
app.command("calibrate")(calibrate.calibrate)
app.command("report")(report.report)
app.command("pytest")(pytest.pytest)
app.command("transcribe")(transcribe.transcribe)
app.command("camera")(camera.camera)
app.command("price")(price.price)
app.command("engines")(engines.engines)
app.add_typer(corpus.corpus_app, name="corpus")
app.command("doctor")(doctor.doctor)
app.command("fuzz")(fuzz.fuzz)
app.command("zoo")(zoo.zoo)


@app.callback()
def _options(
    debug: bool = typer.Option(
        False, exits.DEBUG, help="Show the traceback of an error (or set ASRBENCH_DEBUG)."
    ),
) -> None:
    """Measure, compare and prove a speech recognizer and its native core."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code that asrbench.cli.exits.Exit lists."""
    command = typer.main.get_command(app)
    return exits.run(
        lambda given: command.main(list(given), prog_name="asrbench", standalone_mode=False),
        sys.argv[1:] if arguments is None else arguments,
    )
