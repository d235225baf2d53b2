"""The one place where outcomes become exit codes, and errors become messages."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Sequence
from enum import IntEnum

import typer

from asrbench.errors import AudioError, DeadlineError, Error


class Exit(IntEnum):
    """What every verb says to the shell."""

    WELL = 0
    NO = 1  # a regression, a mismatch, audio that is refused: the answer is no
    INCONCLUSIVE = 2
    NOT_MEASURED = 3  # could not measure, or an unexpected error
    USAGE = 64
    INTERRUPTED = 130


DEBUG = "--debug"


def run(app: Callable[[Sequence[str]], object], arguments: Sequence[str]) -> int:
    """Run the command line on its arguments and return the exit code of what became of it.

    `app` returns a code or None, or raises. Errors go to the standard error, in one line each; with
    --debug, or ASRBENCH_DEBUG set, the traceback comes first.
    """
    debug = DEBUG in arguments or bool(os.environ.get("ASRBENCH_DEBUG"))
    try:
        code = app([argument for argument in arguments if argument != DEBUG])
    except typer.TyperException as error:
        _say(error.format_message(), "see asrbench --help")
        return Exit.USAGE
    except typer.Exit as error:
        return error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED
    except SystemExit as error:
        return error.code if isinstance(error.code, int) else Exit.NOT_MEASURED
    except Exception as error:  # noqa: BLE001  not to go on: it becomes the exit code
        if debug:
            traceback.print_exc()
        return _code(error, debug)
    return code if isinstance(code, int) else Exit.WELL


def _code(error: Exception, debug: bool) -> Exit:
    """Say what an error is, and what it means to the shell."""
    if isinstance(error, (AudioError, DeadlineError)):
        _say(str(error))
        return Exit.NO
    if isinstance(error, Error):
        _say(str(error))
        return Exit.NOT_MEASURED
    more = "" if debug else f"{DEBUG} shows where"
    _say(f"unexpected {type(error).__name__}: {error}", more)
    return Exit.NOT_MEASURED


def _say(message: str, hint: str = "") -> None:
    """Print a message to the standard error."""
    print(f"asrbench: {message}" + (f" ({hint})" if hint else ""), file=sys.stderr)
