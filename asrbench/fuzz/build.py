"""Builds a project's extension with sanitizers, once for each state of its sources.

    python -m asrbench.fuzz.build asrbench._native [--project .] [--recipe asan]

prints the file of the extension. Any project that pip can build will do: the flags go through
CFLAGS and CXXFLAGS, which setuptools, CMake and Meson all follow. A copy is built, so that neither
old objects are taken for instrumented ones nor instrumented ones left behind.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

from asrbench.errors import Error

_BUILT_OF = {".c", ".cc", ".cpp", ".cxx", ".h", ".hh", ".hpp", ".pyx", ".cmake", ".build"}
_BUILT_BY = {"CMakeLists.txt", "pyproject.toml", "setup.py", "setup.cfg"}
_NO_PART = {"fuzz", "tests"}  # their C++ is not the extension's
_LEFT_OUT = ("build", "dist", "corpus", "results", "suites", "__pycache__", "*.so", ".*")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to compile: a name for the cache, the compilers, the flags."""

    name: str
    c: str
    cpp: str
    flags: tuple[str, ...]


_DEBUG = ("-fno-omit-frame-pointer", "-g")
_FUZZ = (
    "-fsanitize=address,undefined,fuzzer-no-link",
    "-fno-sanitize=vptr,function",  # these need a cache that is in no preloaded runtime
    "-fno-sanitize-recover=undefined",  # the first finding ends the process anyway: quicker code
    *_DEBUG,
)
RECIPES = {
    "fuzz": Recipe("fuzz", "clang-19", "clang++-19", _FUZZ),
    # libFuzzer sees places but not what integers are compared with (of memcmp it still does), which
    # function a pointer calls, or how deep the stack is: more than twice as fast, for targets whose
    # inputs are well formed by other means
    "counters": Recipe(
        "counters",
        "clang-19",
        "clang++-19",
        (*_FUZZ, "-fno-sanitize-coverage=trace-cmp,indirect-calls,stack-depth"),
    ),
    # to clang a cast that overflows is undefined, to gcc a check of its own
    "asan": Recipe(
        "asan", "gcc", "g++", ("-fsanitize=address,undefined,float-cast-overflow", *_DEBUG)
    ),
    "tsan": Recipe("tsan", "gcc", "g++", ("-fsanitize=thread", *_DEBUG)),
    "debug": Recipe("debug", "gcc", "g++", ("-g",)),
}


def cache_folder() -> Path:
    """Return where builds are kept: below $ASRBENCH_CACHE or ~/.cache/asrbench."""
    chosen = os.environ.get("ASRBENCH_CACHE")
    return (Path(chosen) if chosen else Path.home() / ".cache" / "asrbench") / "fuzz"


def extension(project: Path, module: str, recipe: Recipe, cache: Path) -> Path:
    """Return the module of a project as a file, compiled by the recipe.

    Raises Error when the compiler is missing, the build fails (with what pip said), or the project
    has no such extension.
    """
    if not (project / "pyproject.toml").exists() and not (project / "setup.py").exists():
        raise Error(f"{str(project)!r} has no pyproject.toml; expected a project pip can build")
    if shutil.which(recipe.cpp) is None:
        raise Error(f"no {recipe.cpp}; expected it on PATH: apt-get install {_package(recipe.cpp)}")
    kept = cache / f"{module}-{recipe.name}-{_state(project, recipe)}"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix="build-") as folder:
            wheel = _wheel(project, recipe, Path(folder))
            unpacked = Path(folder, "unpacked")
            with zipfile.ZipFile(wheel) as archive:
                archive.extractall(unpacked)
            _file_of(module, unpacked)  # refuses before anything is kept
            unpacked.rename(kept)
    return _file_of(module, kept)


def _package(compiler: str) -> str:
    return "clang-19 lld-19 llvm-19 libclang-rt-19-dev" if "clang" in compiler else compiler


def _sources(project: Path) -> Iterator[Path]:
    for path in sorted(project.iterdir()):
        if path.name in _NO_PART or any(path.match(pattern) for pattern in _LEFT_OUT):
            continue
        if path.is_dir():
            yield from _sources(path)
        elif path.suffix in _BUILT_OF or path.name in _BUILT_BY:
            yield path


def _state(project: Path, recipe: Recipe) -> str:
    """Return a hash of what the extension is made of: sources, flags, interpreter."""
    state = hashlib.sha256(repr((recipe, sys.version, str(project.resolve()))).encode())
    for path in _sources(project):
        state.update(f"{path.relative_to(project)}\0".encode() + path.read_bytes() + b"\0")
    return state.hexdigest()[:16]


def _wheel(project: Path, recipe: Recipe, folder: Path) -> Path:
    """Build a copy of the project in a folder; its files are named as the original's."""
    copy = folder / "project"
    shutil.copytree(project, copy, ignore=shutil.ignore_patterns(*_LEFT_OUT))
    flags = " ".join([*recipe.flags, f"-ffile-prefix-map={copy}={project.resolve()}"])
    scripts = str(Path(sys.executable).parent)  # where cmake and ninja are installed
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    command += ["--wheel-dir", str(folder / "wheel"), *_settings(project), str(copy)]
    done = subprocess.run(
        command,
        env={
            **os.environ,
            "CC": recipe.c,
            "CXX": recipe.cpp,
            "CFLAGS": flags,
            "CXXFLAGS": flags,
            "PATH": os.pathsep.join([scripts, os.environ.get("PATH", "")]),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    wheels = list((folder / "wheel").glob("*.whl"))
    if done.returncode != 0 or len(wheels) != 1:
        said = (done.stdout + done.stderr).strip()[-4000:]
        raise Error(f"pip wheel of {str(project)!r} by {recipe.cpp} failed: {said}")
    return wheels[0]


def _settings(project: Path) -> list[str]:
    """Return what keeps pybind11 under CMake from stripping, and from optimising while linking."""
    chosen = project / "pyproject.toml"
    by_cmake = chosen.exists() and "scikit_build_core" in chosen.read_text(encoding="utf-8")
    return ["-C", "cmake.build-type=RelWithDebInfo"] if by_cmake else []


def _file_of(module: str, unpacked: Path) -> Path:
    stem = unpacked.joinpath(*module.split("."))
    for suffix in EXTENSION_SUFFIXES:
        file = stem.with_name(stem.name + suffix)
        if file.exists():
            return file
    built = sorted(str(path.relative_to(unpacked)) for path in unpacked.rglob("*.so"))
    raise Error(f"the wheel has no extension {module}; expected it among {built}")


def programs(source: Path, build: Path) -> None:
    """Build the native targets, `source` being their folder with its CMakeLists.txt.

    Raises Error with what CMake said when it fails.
    """
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ.get('PATH', '')}"}
    configure = ["cmake", "-S", str(source), "-B", str(build), "-G", "Ninja"]
    configure += [
        f"-DCMAKE_CXX_COMPILER={RECIPES['fuzz'].cpp}",
        "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
    ]
    for command in (configure, ["cmake", "--build", str(build)]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip()[-4000:]
            raise Error(f"{' '.join(command)} failed: {said}")


def main(arguments: list[str] | None = None) -> None:
    """Build one extension, as the command line asks, and print its file."""
    parser = argparse.ArgumentParser(prog="asrbench.fuzz.build", description=__doc__)
    parser.add_argument("module", help="such as asrbench._native")
    parser.add_argument("--project", type=Path, default=Path())
    parser.add_argument("--recipe", choices=RECIPES, default="fuzz")
    chosen = parser.parse_args(arguments)
    print(extension(chosen.project, chosen.module, RECIPES[chosen.recipe], cache_folder()))


if __name__ == "__main__":
    main()
