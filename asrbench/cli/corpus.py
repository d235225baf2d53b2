"""`asrbench corpus`: the corpora of a workload, and what is in one."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from asrbench import workload
from asrbench.cli.columns import columns

corpus_app = typer.Typer(help="List corpora, or show the items of one.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of lines.")]


@corpus_app.command("list")
def list_corpora(as_json: AsJson = False) -> None:
    """List the corpora that have a name: where they are, or how to get them.

    Example: asrbench corpus list
    """
    known = [
        {
            "workload": of,
            "name": source.name,
            "where": source.where,
            "available": source.available,
            "how_to_get": source.how,
        }
        for of in sorted(workload.installed())
        for source in workload.find(of).corpora()
    ]
    if as_json:
        print(json.dumps(known, indent=2))
        return
    rows = [("WORKLOAD", "CORPUS", "HERE", "WHERE, OR HOW TO GET IT")]
    rows += [
        (
            str(one["workload"]),
            str(one["name"]),
            "yes" if one["available"] else "no",
            str(one["where"] if one["available"] else one["how_to_get"]),
        )
        for one in known
    ]
    print(columns(rows))


@corpus_app.command("show")
def show_corpus(
    name: Annotated[
        str,
        typer.Argument(help="A known name, a .jsonl manifest or a folder.", show_default=False),
    ],
    as_json: AsJson = False,
) -> None:
    """Show the utterances of a speech corpus: id, seconds, reference.

    Example: asrbench corpus show embedded
    """
    from asrbench.speech.corpus import find

    corpus = find(name)
    if as_json:
        utterances = [
            {"id": u.id, "duration_s": u.duration_s, "reference": u.reference}
            for u in corpus.utterances
        ]
        record = {"name": corpus.name, "licence": corpus.licence, "utterances": utterances}
        print(json.dumps(record, indent=2))
        return
    rows = [(u.id, f"{u.duration_s:.2f} s", u.reference or "-") for u in corpus.utterances]
    print(columns(rows))
    print(
        f"{len(corpus.utterances)} utterances, {corpus.duration_s:.1f} s; licence: {corpus.licence}"
    )
