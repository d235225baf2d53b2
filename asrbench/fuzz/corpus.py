"""The inputs a target begins from: seeds made by its source, and what fuzzing has added."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from asrbench.errors import Error
from asrbench.fuzz.command import Command
from asrbench.fuzz.target import Target


def inputs(target: Target) -> list[Path]:
    """Return the files of a target's corpus."""
    return sorted(path for path in target.corpus.glob("*") if path.is_file())


def plant(folder: Path, seeds: Iterable[bytes]) -> int:
    """Write seeds into a corpus under the hash of their bytes; returns how many were new."""
    folder.mkdir(parents=True, exist_ok=True)
    new = 0
    for seed in seeds:
        path = folder / hashlib.sha1(seed, usedforsecurity=False).hexdigest()
        new += not path.exists()
        path.write_bytes(seed)
    return new


def merge(target: Target, command: Command, learnt: Path) -> tuple[int, int]:
    """Keep the fewest inputs of the corpus and of `learnt` that see all that they see together.

    Returns the number of inputs before and after. The corpus is replaced when libFuzzer has
    finished; raises Error, and leaves it, when that fails or keeps nothing.
    """
    before = len(inputs(target))
    target.corpus.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.corpus.parent, prefix=".merge-") as folder:
        kept = Path(folder, "kept")
        kept.mkdir()
        done = subprocess.run(
            [*command.words, "-merge=1", str(kept), str(target.corpus), str(learnt)],
            env=dict(command.environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
        after = len(list(kept.iterdir()))
        if done.returncode != 0 or after == 0:
            said = done.stdout.decode(errors="replace")[-2000:]
            raise Error(f"{target.name}: the merge ended with {done.returncode}: {said}")
        shutil.rmtree(target.corpus)
        kept.rename(target.corpus)
    return before, after
