"""No input makes a call take longer than its bound for the size: large ones, and all corpora."""

from __future__ import annotations

import json
import runpy
import struct
import time
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench import _native
from asrbench.errors import Error
from asrbench.fuzz import corpus
from asrbench.fuzz.bound import Bound, exceeded
from asrbench.fuzz.target import Target, targets
from suites.unit.native.every_binding import (
    CALLS,
    FILES,
    FILTERS,
    ISA,
    MODEL,
    RECOGNIZER,
    REFUSALS,
    K,
    names,
)

FOLDER = Path(__file__).parents[3] / "fuzz"
PYTHON = [target for target in targets(FOLDER) if not target.native]
SMALL = Bound(fixed_s=0.1, per_unit_s=1e-6)
TARGET = Bound(fixed_s=1.0, per_unit_s=50e-6)  # a target calls several, and their oracles
Floats: TypeAlias = NDArray[np.float32]
Sized: TypeAlias = Callable[
    [int], tuple[Callable[[], object], int]
]  # the call, and the size of what it gets


def noise(count: int) -> Floats:
    return np.random.default_rng(0).normal(0, 0.1, count).astype(np.float32)


def or_refused(call: Callable[[], object]) -> Callable[[], object]:
    """The call; what it refuses must be refused in time as well."""

    def tried() -> object:
        try:
            return call()
        except Error:
            return None

    return tried


@cache
def contents(target: Target) -> dict[str, Any]:
    return runpy.run_path(str(target.source))


def of_bytes(call: Callable[[bytes], object], make: Callable[[int], bytes]) -> Sized:
    def sized(count: int) -> tuple[Callable[[], object], int]:
        data = make(count)
        return or_refused(lambda: call(data)), len(data)

    return sized


def of_pcm(call: Callable[[Floats], object]) -> Sized:
    def sized(count: int) -> tuple[Callable[[], object], int]:
        pcm = noise(20 * count)
        return or_refused(lambda: call(pcm)), pcm.size

    return sized


def model_file(variables: int) -> bytes:
    """A file of so many variables of one value, each with an alias."""
    value = struct.pack("<BIBIf", 1, 1, 0, 4, 1.0)
    names = [struct.pack("<H", 8) + b"v%06d\0" % i for i in range(variables)]
    aliases = [struct.pack("<H", 8) + b"a%06d\0" % i + name for i, name in enumerate(names)]
    head = struct.pack("<IH", 6, 12) + b"WhisperSpec\0" + struct.pack("<II", 3, variables)
    body = b"".join(name + value for name in names)
    return head + body + struct.pack("<I", variables) + b"".join(aliases)


def model_of(config: bytes | None = None, vocabulary: bytes | None = None) -> object:
    return _native.Model(FILES[0], config or FILES[1], vocabulary or FILES[2])


def suppressing(count: int) -> bytes:
    return json.dumps({"suppress_ids": [i % 4 for i in range(count)]}).encode()


def words(count: int) -> bytes:
    return b"".join(b"word%d\n" % i for i in range(count))


def words_in_json(count: int) -> bytes:
    return json.dumps(words(count).decode().split("\n")).encode()


def product(rows: int) -> tuple[Callable[[], object], int]:
    a, w = noise(rows * 64).reshape(rows, 64), noise(64 * 64).reshape(64, 64)
    return (lambda: K.gemm(a, w, isa=ISA)), rows * 64 * 64


def filtered(columns: int) -> tuple[Callable[[], object], int]:
    image = np.zeros((7, columns, 3), np.uint8)
    return (lambda: FILTERS.edges_l1(image)), image.size


LARGE: dict[str, tuple[Sized, Bound]] = {
    "log_mel": (of_pcm(_native.log_mel), SMALL),
    "log_mel_raw": (of_pcm(_native.log_mel_raw), SMALL),
    "ct2_variables": (of_bytes(_native.ct2_variables, model_file), SMALL),
    "Model of many variables": (
        of_bytes(lambda data: _native.Model(data, *FILES[1:]), model_file),
        SMALL,
    ),
    "Model of a long config": (of_bytes(lambda data: model_of(config=data), suppressing), SMALL),
    "Model of a deep config": (
        of_bytes(lambda data: model_of(config=data), lambda count: b"[" * count),
        SMALL,
    ),
    "Model of many words": (of_bytes(lambda data: model_of(vocabulary=data), words), SMALL),
    "Model of many words in JSON": (
        of_bytes(lambda data: model_of(vocabulary=data), words_in_json),
        SMALL,
    ),
    "Model.text": (
        lambda count: (lambda: MODEL.text([1] * count), count),
        SMALL,
    ),
    "Model.logits of too many tokens": (
        lambda count: (
            or_refused(lambda: MODEL.logits(noise(16).reshape(4, 4), [1] * count)),
            count,
        ),
        SMALL,
    ),
    "Recognizer.transcribe": (of_pcm(RECOGNIZER.transcribe), Bound(0.1, 2e-6)),
    "kernels.gemm": (product, Bound(0.1, 20e-9)),
    "frames.Filters.edges_l1": (filtered, Bound(0.1, 100e-9)),
    "kernels.gelu": (lambda n: (lambda: K.gelu(noise(n), isa=ISA), n), SMALL),
}


@pytest.mark.parametrize("name", [*CALLS, *REFUSALS])
def test_a_call_on_small_input_keeps_the_fixed_part_of_its_bound(name: str) -> None:
    assert exceeded({**CALLS, **REFUSALS}[name].run, 0, SMALL) is None


def test_every_binding_has_a_bound() -> None:
    assert set(names()) == set(CALLS)


@pytest.mark.parametrize("count", [2000, 50_000])
@pytest.mark.parametrize("name", LARGE)
def test_a_call_on_large_input_keeps_its_bound(name: str, count: int) -> None:
    sized, bound = LARGE[name]
    call, size = sized(count)

    assert exceeded(call, size, bound) is None


@pytest.mark.parametrize("target", PYTHON, ids=lambda target: target.name)
def test_every_input_of_a_corpus_keeps_the_bound_of_its_target(target: Target) -> None:
    one_input = contents(target)["one_input"]
    for path in corpus.inputs(target):
        data = path.read_bytes()

        assert exceeded(partial(one_input, data), len(data), TARGET) is None, path


def test_a_call_that_takes_the_square_of_its_input_is_seen() -> None:
    def square(count: int) -> int:
        return sum(1 for _ in range(count) for _ in range(count))

    assert exceeded(lambda: square(30), 30, SMALL) is None
    said = exceeded(lambda: square(3000), 3000, SMALL)

    assert said is not None
    assert said.endswith("s for size 3000; expected at most 0.103 s")


def test_sleep_is_no_work_and_a_slow_first_call_is_forgiven() -> None:
    times = iter([0.3, 0.0])

    def call() -> None:
        end = time.process_time() + next(times)
        while time.process_time() < end:
            pass

    assert exceeded(call, 0, SMALL) is None
    assert exceeded(lambda: time.sleep(0.2), 0, SMALL) is None


@pytest.mark.parametrize("seconds", [(0, 1), (1, 0), (float("inf"), 1), (1, float("nan"))])
def test_a_bound_that_allows_nothing_or_all_is_refused(seconds: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="expected seconds above 0"):
        Bound(*seconds)
