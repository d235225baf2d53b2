"""The workload: its frames, its engines, and a check that sees one wrong bit."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import asrbench.engine
from asrbench.engine import EngineOptions
from asrbench.errors import CorpusError, EngineError
from asrbench.frames.agreement import Filtered, agree
from asrbench.frames.cases import filters
from asrbench.frames.corpus import drawn, find, known
from asrbench.frames.engines.native import Native
from asrbench.frames.engines.numba import Numba
from asrbench.frames.engines.opencv import OpenCV, gradient
from asrbench.frames.engines.oracle import Oracle
from asrbench.frames.work import FILTERS, Work

ROOT = Path(__file__).parents[3]
SMALL = "97x61"


def opencv(options: EngineOptions) -> OpenCV:
    """OpenCV, where it is installed."""
    pytest.importorskip("cv2", reason='pip install "asrbench-perf[peers-frames]"')
    return OpenCV(options)


def opencv_gradient(options: EngineOptions) -> OpenCV:
    """Its other chain, likewise."""
    pytest.importorskip("cv2", reason='pip install "asrbench-perf[peers-frames]"')
    return gradient(options)


def numba(options: EngineOptions) -> Numba:
    """Numba, where it is installed."""
    pytest.importorskip("numba", reason='pip install "asrbench-perf[peers-frames]"')
    return Numba(options)


def oracle() -> Oracle:
    """What is right."""
    return Oracle(EngineOptions())


@pytest.mark.parametrize("make", [Native, opencv, opencv_gradient, numba])
def test_every_engine_gives_the_oracles_frames(make: Any) -> None:
    engine = make(EngineOptions())
    part = drawn(80, 90)[3:70, 5:81]  # rows further apart than they are long
    works = [*find(SMALL).work, Work("edges-l1", part, "part"), Work("resize", part, "part")]
    refused = [work for work in works if make is numba and not works_in_numba(work)]
    for work in works:
        if work in refused:
            with pytest.raises(EngineError, match=f"filter is {work.filter}; expected gray"):
                engine.run(work)
            continue
        for _ in range(2):  # the second writes over the first
            found = agree(oracle().run(work), engine.run(work))

            assert found.passed, f"{work.id}: {found.detail}"
    engine.close()


def works_in_numba(work: Work) -> bool:
    """Whether the engine of Numba has the filter."""
    return work.filter in ("gray", "blur", "edges-l1", "edges-l2")


def test_opencv_takes_the_threads_it_is_told() -> None:
    cv = pytest.importorskip("cv2", reason='pip install "asrbench-perf[peers-frames]"')
    work = find(SMALL).work[0]
    for threads in (2, 1):
        OpenCV(EngineOptions(threads)).run(work)

        assert cv.getNumThreads() == threads


def test_a_wrong_bit_is_refused_before_it_is_timed() -> None:
    class Wrong(Native):
        def run(self, item: Work) -> Filtered:
            filtered = super().run(item)
            filtered[-1, -1] += 1
            return filtered

    (case,) = filters(Wrong(EngineOptions()), find("edges-l1", 1), oracle)
    case.prepare()

    with pytest.raises(EngineError, match=r"1 of 2073600 values differ; value \(1079, 1919\)"):
        case.run()


def test_a_right_engine_is_run_and_checked() -> None:
    (case,) = filters(Native(EngineOptions(2)), find(SMALL, 1), oracle)
    case.prepare()

    assert case.check(case.run()).passed
    assert (case.name, case.item, case.group) == ("frames/native/filter", "gray 97x61", "gray")


def test_floats_may_differ_by_a_rounding_and_bytes_by_nothing() -> None:
    ones = np.ones((2, 3), np.float32)

    assert agree(ones, ones + np.float32(1e-6)).passed
    assert not agree(ones, ones + np.float32(4e-6)).passed
    assert not agree(ones, np.full((2, 3), np.nan, np.float32)).passed
    assert not agree(ones, ones[:1]).passed
    assert not agree(ones, ones.astype(np.uint8)).passed
    assert not agree(ones.astype(np.uint8), 2 * ones.astype(np.uint8)).passed


def test_corpora_are_drawn_the_same_each_time() -> None:
    ids = [work.id for work in find("embedded").work]

    assert len(set(ids)) == len(ids) == len(FILTERS) + 1
    assert set(known()) == {"embedded", "edges", *FILTERS}
    for name in (*known(), SMALL):
        for first, again in zip(find(name).work, find(name).work, strict=True):
            np.testing.assert_array_equal(first.image, again.image)
    (part,) = [work.image for work in find("embedded").work if work.note]
    assert part.shape == (1080, 1920, 3)
    assert part.strides[0] > 3 * 1920


@pytest.mark.parametrize("name", ["", "nonsense", "0x5", "5x0", "5x5x5", "99999x99999", "65536x1"])
def test_frames_that_are_none_are_refused(name: str) -> None:
    with pytest.raises(CorpusError, match="expected"):
        find(name)


def test_work_of_another_rank_or_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="expected rank 2"):
        Work("equalize", np.zeros((2, 2, 3), np.uint8))
    with pytest.raises(ValueError, match="one pixel or more"):
        Work("gray", np.zeros((0, 2, 3), np.uint8))
    with pytest.raises(CorpusError, match="limit is 0; expected one frame or more"):
        find("edges", 0)


def test_an_engine_says_what_it_cannot_do() -> None:
    with pytest.raises(EngineError, match="abacus does not run here"):
        Native(EngineOptions(), "abacus")


@pytest.mark.parametrize(("make", "library"), [(OpenCV, "cv2"), (Numba, "numba")])
def test_an_absent_library_is_named_with_what_installs_it(
    make: Any, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, library, None)

    with pytest.raises(EngineError, match=rf"{library}.*asrbench-perf\[peers-frames\]"):
        make(EngineOptions())


def test_every_engine_that_is_announced_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    announced = [line.split('"')[1::2] for line in lines if line.startswith('"frames.')]

    for name, target in announced:
        assert callable(EntryPoint(name, target, asrbench.engine.GROUP).load())
    assert {name for name, _ in announced} >= {"frames.native", "frames.oracle", "frames.opencv"}
