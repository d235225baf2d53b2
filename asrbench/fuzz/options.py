"""How a target is fuzzed: libFuzzer's flags, and the recipe its extension is compiled by.

Beside the targets lie `options/default.options`, for all of them, and `options/<name>.options`,
which comes after it. The form is OSS-Fuzz's (https://google.github.io/oss-fuzz/getting-started/
new-project-guide/#custom-libfuzzer-options-for-clusterfuzz), with a section for the recipe:

    [libfuzzer]
    max_len = 256

    [build]
    recipe = counters
"""

from __future__ import annotations

import configparser
from dataclasses import dataclass, field

from asrbench.errors import OptionError
from asrbench.fuzz.build import RECIPES
from asrbench.fuzz.target import Target

_KNOWN = {"libfuzzer": None, "build": {"recipe"}}  # None: libFuzzer knows its own flags


@dataclass(frozen=True, slots=True)
class Options:
    """What the files say. Invariant: the recipe is one of asrbench.fuzz.build."""

    flags: dict[str, str] = field(default_factory=dict)
    recipe: str = "fuzz"

    def __post_init__(self) -> None:
        """Refuse a recipe that nobody knows."""
        if self.recipe not in RECIPES:
            raise OptionError(f"recipe is {self.recipe!r}; expected one of {sorted(RECIPES)}")

    @property
    def words(self) -> list[str]:
        """The flags as libFuzzer's arguments."""
        return [f"-{name}={value}" for name, value in self.flags.items()]


def options(target: Target) -> Options:
    """Return the options of a target; raises OptionError where a file is not of that form."""
    parser = configparser.ConfigParser(interpolation=None)
    folder = target.folder / "options"
    for path in (folder / "default.options", folder / f"{target.name}.options"):
        if not path.exists():
            continue
        try:
            parser.read_string(path.read_text(encoding="utf-8"), str(path))
        except (configparser.Error, UnicodeDecodeError) as error:
            raise OptionError(f"{str(path)!r}: {error}; expected [libfuzzer], [build]") from error
    for section in parser.sections():
        if section not in _KNOWN:
            raise OptionError(f"{str(folder)!r}: section [{section}]; expected {sorted(_KNOWN)}")
        known = _KNOWN[section]
        strange = sorted(set(parser[section]) - known) if known else []
        if strange:
            raise OptionError(f"{str(folder)!r}: [{section}] has {strange}; expected {known}")
    flags = dict(parser["libfuzzer"]) if parser.has_section("libfuzzer") else {}
    return Options(flags, parser.get("build", "recipe", fallback="fuzz"))
