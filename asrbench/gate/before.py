"""What is known before anything is measured: that nothing has to be, or that it is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from asrbench.errors import OptionError, WorkerError
from asrbench.gate import revisions
from asrbench.gate.judging import Choices, listed
from asrbench.gate.metrics import PROJECT
from asrbench.gate.project import Project
from asrbench.gate.revisions import Revision
from asrbench.gate.sides import Name, Place
from asrbench.gate.verdict import Verdict
from asrbench.measure.statistics import Estimate

_NAMED = 10  # files that a reason names


def refuse_unknown(case: str, head: Place, choices: Choices) -> None:
    """Raise OptionError for a case that is not judged.

    Whose cases cannot be listed is not asked here: to judge it says why.
    """
    try:
        known = [name for name in listed(head, choices.bounds) if choices.wants(name)]
    except WorkerError:
        return
    if case not in (*known, PROJECT):
        raise OptionError(f"case is {case!r}; expected one of {[*known, PROJECT]}")


def beside(project: Project, folder: Path, laid: Mapping[Name, Revision]) -> Sequence[str]:
    """Return the files that differ, where nothing that is measured depends on any of them.

    None of one commit against itself: who asks for that wants to see what it comes to.
    """
    commits = sorted({revision.commit for revision in laid.values()})
    if len(commits) < 2 or not project.beside:
        return ()
    files = revisions.differing(folder, *commits)
    return files if all(map(project.is_beside, files)) else ()


def unbuilt(files: Sequence[str]) -> Verdict:
    """Return the verdict on a head that differs in files alone that nothing depends on."""
    more = f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""
    named = f"{', '.join(files[:_NAMED])}{more}"
    reason = f"nothing that is measured depends on what differs, by the project's word: {named}"
    unchanged = Estimate(0.0, 0.0, 0.0)
    return Verdict(PROJECT, "files", "", "pass", 0.0, 0.0, unchanged, 0.0, reason, launches=0)
