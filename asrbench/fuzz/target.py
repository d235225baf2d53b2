"""Targets: the files `fuzz_<name>.py` and `native/fuzz_<name>.cpp`, their corpora and dictionaries.

Beside a Python target lie `corpus/<name>/` and `dict/<name>.dict`; a native one's corpus is
`corpus/native/<name>/`, in the folder that has `native/`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import OptionError

PREFIX = "fuzz_"
NATIVE = "native"


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to fuzz.

    Invariants: the source's name begins with `fuzz_` and ends in .py, or in .cpp below `native/`.
    """

    source: Path

    def __post_init__(self) -> None:
        """Refuse a file that is no target."""
        kind = {".py": True, ".cpp": self.source.parent.name == NATIVE}
        if not self.source.name.startswith(PREFIX) or not kind.get(self.source.suffix, False):
            raise OptionError(
                f"{str(self.source)!r} is no target; expected {PREFIX}NAME.py, "
                f"or {NATIVE}/{PREFIX}NAME.cpp"
            )

    @property
    def native(self) -> bool:
        """Whether it is a program of C++, without Python."""
        return self.source.suffix == ".cpp"

    @property
    def name(self) -> str:
        """The name on the command line: `tokenizer`, `native/json`."""
        bare = self.source.stem.removeprefix(PREFIX)
        return f"{NATIVE}/{bare}" if self.native else bare

    @property
    def folder(self) -> Path:
        """The folder of targets it belongs to."""
        return self.source.parent.parent if self.native else self.source.parent

    @property
    def corpus(self) -> Path:
        """The folder of its inputs that are kept."""
        return self.folder / "corpus" / self.name

    @property
    def dictionary(self) -> Path | None:
        """Words that its inputs are made of, in libFuzzer's format."""
        path = self.folder / "dict" / f"{self.source.stem.removeprefix(PREFIX)}.dict"
        return path if path.exists() else None


def targets(folder: Path) -> list[Target]:
    """Return the targets of a folder, those in Python first."""
    files = [*sorted(folder.glob(f"{PREFIX}*.py")), *sorted(folder.glob(f"{NATIVE}/{PREFIX}*.cpp"))]
    return [Target(file) for file in files]


def find(name: str, folder: Path) -> Target:
    """Return the target of that name, or of that file. Raises OptionError that names the known."""
    if name.endswith((".py", ".cpp")):
        path = Path(name).resolve()
        if not path.is_file():
            raise OptionError(f"{name!r} is not there; expected the file of a target")
        return Target(path)
    known = {target.name: target for target in targets(folder)}
    if name not in known:
        raise OptionError(
            f"no target {name!r} in {folder}; expected one of {sorted(known)}, or a target's file"
        )
    return known[name]
