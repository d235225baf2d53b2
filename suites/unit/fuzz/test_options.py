"""How a target is fuzzed is read from files in OSS-Fuzz's form, and nothing else passes."""

from __future__ import annotations

from pathlib import Path

import pytest

from asrbench.errors import OptionError
from asrbench.fuzz.build import RECIPES
from asrbench.fuzz.options import Options, options
from asrbench.fuzz.target import Target, targets

FOLDER = Path(__file__).parents[3] / "fuzz"


def target(folder: Path, **files: str) -> Target:
    """Return a target with these files of options."""
    (folder / "options").mkdir()
    for name, text in files.items():
        (folder / "options" / f"{name}.options").write_text(text)
    return Target(folder / "fuzz_a.py")


def test_a_target_without_files_is_fuzzed_as_libfuzzer_likes(tmp_path: Path) -> None:
    assert options(Target(tmp_path / "fuzz_a.py")) == Options({}, "fuzz")


def test_what_holds_for_one_target_comes_after_what_holds_for_all(tmp_path: Path) -> None:
    chosen = options(
        target(
            tmp_path,
            default="[libfuzzer]\nmax_len = 9\nentropic = 0\n[build]\nrecipe = counters\n",
            a="[libfuzzer]\nmax_len = 5\n",
            b="[libfuzzer]\nmax_len = 7\n",
        )
    )

    assert chosen.words == ["-max_len=5", "-entropic=0"]
    assert chosen.recipe == "counters"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("max_len = 5\n", r"expected \[libfuzzer\], \[build\]"),
        ("[libfuzer]\nmax_len = 5\n", r"section \[libfuzer\]; expected"),
        ("[build]\nrecipes = fuzz\n", r"\[build\] has \['recipes'\]; expected"),
        ("[build]\nrecipe = fast\n", "recipe is 'fast'; expected one of"),
    ],
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(OptionError, match=reason):
        options(target(tmp_path, a=text))


def test_the_options_of_every_target_are_sound_and_belong_to_one() -> None:
    known = targets(FOLDER)
    files = {path for path in FOLDER.glob("options/**/*.options") if path.stem != "default"}

    assert all(options(target).recipe == "counters" for target in known)
    assert files <= {FOLDER / "options" / f"{target.name}.options" for target in known}


def test_a_quick_build_has_all_checks_of_the_thorough_one() -> None:
    assert set(RECIPES["fuzz"].flags) < set(RECIPES["counters"].flags)
