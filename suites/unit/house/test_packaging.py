"""The source distribution holds what a build needs, and nothing of this checkout's litter."""

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of the source distribution, below its only folder."""
    folder = tmp_path_factory.mktemp("sdist")
    build = f"from scikit_build_core.build import build_sdist; build_sdist({str(folder)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=ROOT, check=True, capture_output=True)
    (archive,) = folder.glob("asrbench_perf-*.tar.gz")
    with tarfile.open(archive) as opened:
        return {name.split("/", 1)[1] for name in opened.getnames()}


def test_every_source_of_the_package_and_of_the_core_is_in_it(names: set[str]) -> None:
    sources = [*ROOT.glob("asrbench/**/*"), *ROOT.glob("native/**/*"), ROOT / "CMakeLists.txt"]
    wanted = {
        str(path.relative_to(ROOT))
        for path in sources
        if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".so"
    }

    assert wanted - names == set()


def test_nothing_else_is_in_it(names: set[str]) -> None:
    documents = {"LICENSE", "README.md", "THIRD_PARTY.md", "ARCHITECTURE.md", "CHANGELOG.md"}
    documents |= {"CONTRIBUTING.md", "CMakeLists.txt", "CMakePresets.json", "pyproject.toml"}

    litter = {n for n in names if not n.startswith(("asrbench/", "cmake/", "native/"))}

    assert litter - documents == {"PKG-INFO"}
