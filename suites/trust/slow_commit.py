"""A slow commit in the C++ core is named by case and function; one of documents costs seconds.

    python -m suites.trust.slow_commit                      everything that the gate judges
    python -m suites.trust.slow_commit --case '*_layer*'    these cases alone
    python -m suites.trust.slow_commit --cold               nothing built before, ccache empty

In a clone of the last commit the decoder copies the keys of its text in every layer and step. What
is wrong is said, and makes the exit code 1. Uses ccache where it is there, as ci/gate does.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
CASE = "speech/native/decoder_layer@4.72s noise-4.72s"
FUNCTION = "Decoder::"
SOURCE = Path("native/speech/decoder.cpp")
ANCHOR = "  const float scale = 1.0F / std::sqrt(static_cast<float>(size));\n"
COPY = f"{ANCHOR}  const Matrix keys = cached.self_key;\n"
READ, READ_COPY = "{cached.self_key.row(run.row) + head * size", "{keys.row(run.row) + head * size"
LIMIT_S = 360.0
DOCS_LIMIT_S = 30.0
_BASE = "scratch-base"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a gate ended: its code, its seconds, what it printed, its verdicts.json."""

    code: int
    took_s: float
    said: str
    told: Mapping[str, object]


def main() -> int:
    """Parse, gate both commits, say what is wrong."""
    parser = argparse.ArgumentParser(prog="suites.trust.slow_commit", description=__doc__)
    parser.add_argument("--case", action="append", default=[], help="only cases of this pattern")
    parser.add_argument("--cold", action="store_true", help="with caches of its own")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="asrbench-slow-") as folder:
        clone = Path(folder, "clone")
        commits(clone)
        variables = environment(Path(folder) if asked.cold else None)
        only = [word for pattern in asked.case for word in ("--case", pattern)]
        docs = gate(clone, "docs", [], variables)
        slow = gate(clone, "slow", ["--explain", CASE, *only], variables)
    print(slow.said)
    wrong = [*of_docs(docs), *of_slow(slow)]
    for line in wrong:
        print(f"wrong: {line}")
    print(f"documents: exit {docs.code}, {docs.took_s:.0f} s; "
          f"slow: exit {slow.code}, {slow.took_s:.0f} s")  # fmt: skip
    return 1 if wrong else 0


def commits(clone: Path) -> None:
    """Clone the last commit, and make the branches `docs` and `slow` on top of it."""
    git(ROOT, "clone", "--quiet", str(ROOT), str(clone))
    git(clone, "tag", _BASE)
    for branch, path, text in (
        ("docs", clone / "README.md", (clone / "README.md").read_text() + "\nOne line more.\n"),
        ("slow", clone / SOURCE, slowed((clone / SOURCE).read_text())),
    ):
        git(clone, "checkout", "--quiet", "-b", branch, _BASE)
        path.write_text(text)
        git(clone, "commit", "--quiet", "--all", "-m", branch)


def slowed(source: str) -> str:
    """Return decoder.cpp with a copy that nobody needs. Raises ValueError where it has no place."""
    for words in (ANCHOR, READ):
        if source.count(words) != 1:
            raise ValueError(f"{SOURCE} has {words!r} {source.count(words)} times; expected once")
    return source.replace(ANCHOR, COPY).replace(READ, READ_COPY)


def environment(own: Path | None) -> dict[str, str]:
    """Return our environment with ccache, if it is installed; with caches in `own`, if given."""
    variables = dict(os.environ)
    if shutil.which("ccache"):
        variables["CMAKE_CXX_COMPILER_LAUNCHER"] = "ccache"
    if own is not None:
        variables |= {"XDG_CACHE_HOME": str(own / "cache"), "CCACHE_DIR": str(own / "ccache")}
    return variables


def gate(clone: Path, head: str, words: Sequence[str], variables: Mapping[str, str]) -> Ended:
    """Run the gate on a branch against its base, as a user does."""
    out = clone.parent / f"out-{head}"
    line = [sys.executable, "-m", "asrbench", "gate", "--project", str(clone), "--base", _BASE,
            "--head", head, "--out", str(out), "--calibration", str(ROOT / "results/calibration"),
            *words]  # fmt: skip
    began = time.monotonic()
    done = subprocess.run(line, env=variables, stdout=subprocess.PIPE, text=True, check=False)
    took_s = time.monotonic() - began
    files = list(out.glob("*/verdicts.json"))
    told = json.loads(files[0].read_text()) if files else {}
    return Ended(done.returncode, took_s, done.stdout, told)


def of_docs(docs: Ended) -> list[str]:
    """Return what is wrong with the gate of documents."""
    wrong = []
    if docs.code != 0:
        wrong.append(f"the commit of documents ended with {docs.code}; expected 0")
    if docs.took_s > DOCS_LIMIT_S:
        wrong.append(f"documents took {docs.took_s:.0f} s; expected {DOCS_LIMIT_S:.0f} at most")
    return wrong


def of_slow(slow: Ended) -> list[str]:
    """Return what is wrong with the gate of the slow commit."""
    verdicts = slow.told.get("verdicts", [])
    assert isinstance(verdicts, list)
    found = sorted(v["metric"] for v in verdicts
                   if v["case"] == CASE and v["outcome"] == "regression")  # fmt: skip
    wrong = []
    if slow.code != 1:
        wrong.append(f"the slow commit ended with {slow.code}; expected 1")
    if not {"time", "instructions"} & set(found):
        wrong.append(f"{CASE} has regressed in {found}; expected time or instructions")
    places = [line for line in slow.said.splitlines() if line.startswith("most of it in ")]
    if not any(FUNCTION in line for line in places):
        wrong.append(f"the change is said to be {places}; expected a function of {FUNCTION}")
    if slow.took_s > LIMIT_S:
        wrong.append(f"it took {slow.took_s:.0f} s; expected {LIMIT_S:.0f} at most")
    return wrong


def git(folder: Path, *words: str) -> None:
    """Have git do something; the same change is the same commit each time, and is built once."""
    who = ["-c", "user.name=asrbench", "-c", "user.email=asrbench@localhost"]
    dates = {f"GIT_{which}_DATE": "2000-01-01T00:00:00Z" for which in ("AUTHOR", "COMMITTER")}
    line = ["git", "-C", str(folder), *who, *words]
    subprocess.run(line, check=True, env={**os.environ, **dates})


if __name__ == "__main__":
    sys.exit(main())
