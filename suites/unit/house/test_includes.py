"""C++ includes go one way: bindings, replay -> speech -> kernels -> core."""

import re
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[3] / "native"
MAY_INCLUDE: dict[str, set[str]] = {
    "core": set(),
    "kernels": {"core"},
    "speech": {"kernels", "core"},
    "replay": {"speech", "kernels", "core"},
    "jsonlog": {"core"},
    "bindings": {"speech", "jsonlog", "kernels", "core"},
}
SOURCES = sorted(path for ending in ("*.cpp", "*.hpp") for path in NATIVE.rglob(ending))


def strays(part: str, source: str) -> list[str]:
    """What a source of that part includes though it may not: of ours, or of Python."""
    included = re.findall(r'#include ["<]([^">]+)[">]', source)
    ours = [name for name in included if name.split("/")[0] in MAY_INCLUDE]
    python = [name for name in included if name.startswith("pybind11") or name == "Python.h"]
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
