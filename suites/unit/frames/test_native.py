"""The native filters are the oracle's to the last bit, in each instruction set, on any threads."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asrbench import _native
from asrbench.frames.corpus import drawn
from asrbench.frames.oracle import edges, equalize, letterbox, resize
from asrbench.frames.oracle.border import BORDERS, Border
from suites.unit.frames.images import Image, images, strided

everywhere = pytest.mark.parametrize("isa", _native.isas())
THREADS = (1, 2, 5)


@cache
def filters(threads: int, isa: str | None = None) -> _native.frames.Filters:
    """Filters, made once."""
    return _native.frames.Filters(threads, isa)


@everywhere
@settings(deadline=None)
@given(image=st.one_of(strided(3), strided(1)), threads=st.sampled_from(THREADS))
def test_gray_is_the_oracles(isa: str, image: Image, threads: int) -> None:
    np.testing.assert_array_equal(filters(threads, isa).gray(image), edges.gray(image))


@everywhere
@settings(deadline=None)
@given(image=st.one_of(strided(3), strided(1)), border=st.sampled_from(BORDERS))
def test_blur_and_edges_are_the_oracles_up_to_every_border(
    isa: str, image: Image, border: Border
) -> None:
    native = filters(1, isa)

    np.testing.assert_array_equal(native.blur(image, border), edges.blur(image, border))
    np.testing.assert_array_equal(native.edges_l1(image, border), edges.edges_l1(image, border))
    np.testing.assert_array_equal(native.edges_l2(image, border), edges.edges_l2(image, border))


@everywhere
@pytest.mark.parametrize("border", BORDERS)
@pytest.mark.parametrize("rows", [400, 1601, 3000])  # bands of which the last is full, or is not
def test_bands_of_several_threads_meet_without_a_seam(isa: str, border: Border, rows: int) -> None:
    image = drawn(rows, 211)

    for threads in THREADS:
        found = filters(threads, isa).edges_l1(image, border)
        np.testing.assert_array_equal(found, edges.edges_l1(image, border))


@everywhere
@settings(deadline=None)
@given(
    image=st.one_of(strided(3), strided(1)),
    rows=st.integers(1, 170),
    columns=st.integers(1, 170),
    threads=st.sampled_from(THREADS),
)
def test_resize_is_the_oracles_from_any_size_to_any(
    isa: str, image: Image, rows: int, columns: int, threads: int
) -> None:
    found = filters(threads, isa).resize(image, rows, columns)

    np.testing.assert_array_equal(found, resize.resize(image, rows, columns))


@everywhere
@settings(deadline=None)
@given(
    image=strided(3),
    rows=st.integers(1, 90),
    columns=st.integers(1, 90),
    fill=st.integers(0, 255),
    planes=st.sampled_from(["rgb", "bgr"]),
    threads=st.sampled_from(THREADS),
)
def test_letterbox_is_the_oracles(
    isa: str,
    image: Image,
    rows: int,
    columns: int,
    fill: int,
    planes: letterbox.Planes,
    threads: int,
) -> None:
    mean, scale = (103.53, 116.28, 123.675), (0.017429, 1 / 57.12, 0.0171247)
    found = filters(threads, isa).letterbox(
        image, rows, columns, mean=mean, scale=scale, fill=fill, planes=planes
    )

    expected = letterbox.letterbox(
        image, rows, columns, mean=mean, scale=scale, fill=fill, planes=planes
    )
    np.testing.assert_array_equal(found, expected)


@settings(deadline=None)
@given(image=strided(1), threads=st.sampled_from(THREADS))
def test_equalize_is_the_oracles(image: Image, threads: int) -> None:
    np.testing.assert_array_equal(filters(threads).equalize(image), equalize.equalize(image))


def test_equalize_counts_the_bands_of_all_threads() -> None:
    image = edges.gray(drawn(2000, 1500))
    expected = equalize.equalize(image)

    for threads in THREADS * 10:  # counts that are lost where threads share a table, now and then
        np.testing.assert_array_equal(filters(threads).equalize(image), expected)


@settings(deadline=None)
@given(image=images(3), left=st.integers(0, 5))
def test_a_part_of_an_image_as_out_is_written_and_nothing_around_it(
    image: Image, left: int
) -> None:
    rows, columns = image.shape[:2]
    whole = np.full((rows + 4, columns + 9), 77, np.uint8)
    inner = whole[2 : 2 + rows, left : left + columns]
    expected = whole.copy()
    expected[2 : 2 + rows, left : left + columns] = edges.edges_l1(image)

    assert filters(1).edges_l1(image, out=inner) is inner
    np.testing.assert_array_equal(whole, expected)


@settings(deadline=None)
@given(image=images(3))
def test_floats_are_written_to_every_second_row_and_not_between(image: Image) -> None:
    rows, columns = image.shape[:2]
    whole = np.full((2 * rows, columns + 3), -1, np.float32)
    expected = whole.copy()
    expected[::2, 1 : 1 + columns] = edges.edges_l2(image)

    filters(2).edges_l2(image, out=whole[::2, 1 : 1 + columns])

    np.testing.assert_array_equal(whole, expected)


def test_a_buffer_is_written_again_by_each_call() -> None:
    out = np.empty((3, 64, 64), np.float32)

    for seed in range(3):
        image = drawn(50, 70, seed)
        assert filters(2).letterbox(image, 64, 64, out=out) is out
        np.testing.assert_array_equal(out, letterbox.letterbox(image, 64, 64))


def test_threads_of_python_share_filters() -> None:
    work = [drawn(300, 200, seed) for seed in range(4)]
    alone = [edges.edges_l1(image) for image in work]

    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(filters(2).edges_l1, work * 5))

    for found, expected in zip(together, alone * 5, strict=True):
        np.testing.assert_array_equal(found, expected)


def test_python_goes_on_while_a_frame_is_filtered() -> None:
    image = np.zeros((12_000, 8_000, 3), np.uint8)
    out = np.empty(image.shape[:2], np.uint8)
    slow = filters(1, "generic")
    steps, done = 0, threading.Event()

    def work() -> None:
        slow.edges_l1(image, out=out)
        done.set()

    thread = threading.Thread(target=work)
    thread.start()
    while not done.wait(0.005):
        steps += 1
    thread.join()

    assert steps >= 5  # it would be one or two if the GIL were held


# Images and results that end where the process may not read any more.
GUARD = """
import ctypes, mmap
import numpy as np
from asrbench import _native

def at_the_end(dtype, *shape):
    size = int(np.prod(shape)) * np.dtype(dtype).itemsize
    pages = -(-size // mmap.PAGESIZE)
    memory = mmap.mmap(-1, (pages + 1) * mmap.PAGESIZE)
    start = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    behind = ctypes.c_void_p(start + pages * mmap.PAGESIZE)
    assert ctypes.CDLL(None, use_errno=True).mprotect(behind, mmap.PAGESIZE, 0) == 0
    values = np.frombuffer(memory, np.uint8)[: pages * mmap.PAGESIZE]
    return values[values.size - size :].view(dtype).reshape(shape)

for isa in _native.isas():
    filters = _native.frames.Filters(1, isa)
    for columns in (*range(1, 140), 1000):
        image, gray = at_the_end(np.uint8, 3, columns, 3), at_the_end(np.uint8, 3, columns)
        out, floats = at_the_end(np.uint8, 3, columns), at_the_end(np.float32, 3, columns)
        for seen in (image, gray):
            filters.gray(seen, out=out)
            filters.blur(seen, out=out)
            filters.edges_l1(seen, out=out)
            filters.edges_l2(seen, out=floats)
            filters.resize(seen, 3, 50, out=at_the_end(np.uint8, 3, 50, *seen.shape[2:]))
        filters.equalize(gray, out=out)
        filters.letterbox(image, 3, columns, out=at_the_end(np.float32, 3, 3, columns))
print("all")
"""


def test_nothing_behind_an_image_is_read_and_nothing_behind_a_result_written() -> None:
    done = subprocess.run(
        [sys.executable, "-c", GUARD], capture_output=True, text=True, timeout=120, check=False
    )

    assert (done.returncode, done.stdout.strip()) == (0, "all"), done.stderr
