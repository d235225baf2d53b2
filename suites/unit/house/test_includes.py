"""C++ includes go one way: bindings, replay -> speech, frames -> kernels -> core."""

import re
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[3] / "native"
MAY_INCLUDE: dict[str, set[str]] = {
    "core": set(),
    "boundary": set(),
    "kernels": {"core"},
    "speech": {"kernels", "core"},
    "frames": {"kernels", "core"},
    "pricing": {"kernels", "core"},
    "replay": {"speech", "kernels", "core"},
    "jsonlog": {"kernels", "core"},
    "bindings": {"boundary", "frames", "jsonlog", "pricing", "speech", "kernels", "core"},
}
SOURCES = sorted(path for ending in ("*.cpp", "*.hpp") for path in NATIVE.rglob(ending))


def strays(part: str, source: str) -> list[str]:
    """What a source of that part includes though it may not: of ours, or of Python."""
    included = re.findall(r'#include ["<]([^">]+)[">]', source)
    ours = [name for name in included if name.split("/")[0] in MAY_INCLUDE]
    python = [
        name for name in included if name.startswith(("pybind11", "nanobind")) or name == "Python.h"
    ]
    allowed = MAY_INCLUDE[part] | {part}
    return [name for name in ours if name.split("/")[0] not in allowed] + (
        python if part != "bindings" else []
    )


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(NATIVE)))
def test_a_source_includes_only_what_its_part_may(path: Path) -> None:
    part = path.relative_to(NATIVE).parts[0]
    assert part in MAY_INCLUDE, f"{part} is new: say in MAY_INCLUDE what it may include"

    assert strays(part, path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("part", "source"),
    [
        ("core", '#include "kernels/kernels.hpp"'),
        ("kernels", '#include "speech/weights.hpp"'),
        ("speech", "#include <pybind11/pybind11.h>"),
        ("replay", '#include "bindings/arrays.hpp"'),
    ],
)
def test_an_include_against_the_direction_is_seen(part: str, source: str) -> None:
    assert len(strays(part, source)) == 1


def test_the_files_of_an_instruction_set_include_only_intrinsics_and_the_interface() -> None:
    bodies = {"kernels/body.hpp", "kernels/float_rows.hpp", "kernels/int_body.hpp"}
    allowed = {"kernels/kernels.hpp", "kernels/avx512_vectors.hpp", *bodies}
    allowed |= {"immintrin.h", "arm_neon.h"}
    for isa in ("avx2", "avx512", "avx512vnni", "neon"):
        source = (NATIVE / "kernels" / f"{isa}.cpp").read_text(encoding="utf-8")

        assert set(re.findall(r'#include ["<]([^">]+)[">]', source)) <= allowed


@pytest.mark.parametrize("isa", ["generic", "avx2", "avx512"])
def test_the_rows_of_an_instruction_set_include_only_intrinsics_and_the_interface(isa: str) -> None:
    allowed = {"frames/rows.hpp", "frames/rows_body.hpp", "frames/gray_pixel.hpp", "immintrin.h"}
    source = (NATIVE / "frames" / f"{isa}.cpp").read_text(encoding="utf-8")

    assert set(re.findall(r'#include ["<]([^">]+)[">]', source)) <= allowed


def test_the_scan_of_an_instruction_set_includes_only_its_bodies_and_intrinsics() -> None:
    own = {"looks", "marks", "marks_body"}
    allowed = {f"jsonlog/{name}.hpp" for name in own} | {"immintrin.h", "arm_neon.h"}
    for name in ("avx2.cpp", "avx512.cpp", "neon.cpp", *(f"{body}.hpp" for body in own)):
        source = (NATIVE / "jsonlog" / name).read_text(encoding="utf-8")
        included = set(re.findall(r'#include ["<]([^">]+)[">]', source))

        assert included <= allowed | {"cstddef", "cstdint"}


def test_the_simulation_of_an_instruction_set_includes_only_its_bodies_and_intrinsics() -> None:
    own = {"vectors", "body", "normal_body", "paths_body", "philox_body", "simulate"}
    allowed = {f"pricing/{name}.hpp" for name in own} | {"immintrin.h", "arm_neon.h"}
    for name in ("avx2.cpp", "avx512.cpp", "neon.cpp", *(f"{body}.hpp" for body in own)):
        source = (NATIVE / "pricing" / name).read_text(encoding="utf-8")
        included = set(re.findall(r'#include ["<]([^">]+)[">]', source))

        assert included <= allowed | {"cstddef", "cstdint", "pricing/contract.hpp"}
