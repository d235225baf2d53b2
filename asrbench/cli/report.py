"""`asrbench report`: a Run that was kept, shown again: a table, Markdown, HTML, or JSON."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from asrbench.cli.exits import Exit

HELP = """Show a Run again: as a table, as Markdown for a pull request, as JSON, as a page.

Figures are computed from the values in the file; nothing is measured.

Example: asrbench report asrbench-runs/RUN.json --markdown > comment.md
"""


def report(
    run_file: Annotated[Path, typer.Argument(help="A Run, as `run` and `compare` write them.")],
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    html: Annotated[Path | None, typer.Option(help="Write the page to this file.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
) -> int:
    """Parse, read, print."""
    from rich.console import Console

    from asrbench.cli.results import printed
    from asrbench.measure.run_file import read, write_whole
    from asrbench.report import html as pages
    from asrbench.report import terminal
    from asrbench.report.markdown import markdown as as_markdown

    if markdown and json:
        raise typer.BadParameter("--markdown and --json; expected one of them")
    run = read(run_file)
    if html is not None:
        write_whole(html, pages.page(run))
    if json:
        print(printed(run, {"run": run_file, **({"report": html} if html else {})}))
    elif markdown:
        print(as_markdown(run), end="")
    elif html is None:
        terminal.show(run, Console())
    return Exit.WELL


report.__doc__ = HELP
