"""The oracle is right: by hand on a few pixels, and OpenCV's to the last bit on any."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from asrbench.frames.oracle.border import BORDERS, Border, extended, reflected
from asrbench.frames.oracle.edges import blur, edges_l1, edges_l2, gray
from asrbench.frames.oracle.equalize import equalize
from asrbench.frames.oracle.letterbox import fit, letterbox
from asrbench.frames.oracle.resize import places, resize
from suites.unit.frames.images import Image, images


@pytest.fixture(scope="module")
def cv() -> Any:
    """OpenCV in one thread."""
    found = pytest.importorskip("cv2", reason='pip install "asrbench-perf[peers-frames]"')
    found.setNumThreads(1)
    return found


def type_of(cv: Any, border: Border) -> int:
    """OpenCV's number of a border."""
    return {
        "reflect101": int(cv.BORDER_REFLECT_101),
        "reflect": int(cv.BORDER_REFLECT),
        "replicate": int(cv.BORDER_REPLICATE),
        "constant": int(cv.BORDER_CONSTANT),
    }[border]


@pytest.mark.parametrize(
    ("border", "expected"),
    [
        ("reflect101", [3, 2, 1, 2, 3, 2, 1]),
        ("reflect", [2, 1, 1, 2, 3, 3, 2]),
        ("replicate", [1, 1, 1, 2, 3, 3, 3]),
        ("constant", [0, 0, 1, 2, 3, 0, 0]),
    ],
)
def test_borders_are_what_their_names_say(border: Border, expected: list[int]) -> None:
    row = np.array([[1, 2, 3]], np.uint8)

    np.testing.assert_array_equal(extended(row, 2, border)[2], expected)
    assert reflected(7, 1, border) == (None if border == "constant" else 0)


def test_gray_weighs_green_most_and_rounds_half_up() -> None:
    pixels = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255], [255, 255, 255]]], np.uint8)

    np.testing.assert_array_equal(gray(pixels), [[29, 150, 76, 255]])


def test_a_dot_is_blurred_and_seen_twice_from_the_border() -> None:
    dot = np.zeros((5, 5), np.uint8)
    dot[2, 2] = 128

    np.testing.assert_array_equal(blur(dot)[2], [6, 12, 18, 12, 6])  # 128 * 36/256 = 18
    assert blur(np.full((1, 1), 200, np.uint8)) == [[200]]


def test_the_edge_of_a_step_is_as_high_as_sobel_says() -> None:
    step = np.zeros((9, 12), np.uint8)
    step[:, 6:] = 16

    np.testing.assert_array_equal(blur(step)[4], [0, 0, 0, 0, 1, 5, 11, 15, 16, 16, 16, 16])
    np.testing.assert_array_equal(edges_l1(step)[4, 4:8], [20, 40, 40, 20])
    np.testing.assert_array_equal(edges_l2(step)[4, 4:8], [20, 40, 40, 20])


def test_two_pixels_are_spread_over_four() -> None:
    lower, weight = places(2, 4)  # at -0.25, 0.25, 0.75, 1.25

    assert lower.tolist() == [0, 0, 0, 1]
    assert weight.tolist() == [0, 64, 192, 0]
    np.testing.assert_array_equal(resize(np.array([[0, 4]], np.uint8), 1, 4), [[0, 1, 3, 4]])


@pytest.mark.parametrize(
    ("size", "frame", "expected"),
    [
        ((1080, 1920), (640, 640), (140, 0, 360, 640)),
        ((512, 512), (720, 1280), (0, 280, 720, 720)),
        ((1, 1000), (10, 10), (4, 0, 1, 10)),
        ((3, 3), (3, 3), (0, 0, 3, 3)),
    ],
)
def test_an_image_lies_in_the_middle_of_its_frame(
    size: tuple[int, int], frame: tuple[int, int], expected: tuple[int, int, int, int]
) -> None:
    assert fit(size, frame) == expected


def test_a_letterbox_fills_what_the_image_leaves() -> None:
    image = np.full((1, 2, 3), (10, 20, 30), np.uint8)
    planes = letterbox(image, 2, 2, mean=(1, 2, 3), scale=(1, 0.5, 2), fill=7)

    assert planes.tolist() == [[[54, 54], [8, 8]], [[9, 9], [2.5, 2.5]], [[9, 9], [6, 6]]]


def test_equalize_spreads_what_lies_close_together() -> None:
    np.testing.assert_array_equal(
        equalize(np.array([[5, 6], [7, 7]], np.uint8)), [[0, 85], [255] * 2]
    )
    np.testing.assert_array_equal(equalize(np.full((2, 3), 9, np.uint8)), np.full((2, 3), 9))


@settings(deadline=None, max_examples=300)
@given(image=images(3), border=st.sampled_from(BORDERS))
def test_gray_blur_and_l1_are_opencvs(cv: Any, image: Image, border: Border) -> None:
    number = type_of(cv, border)
    grayed = cv.cvtColor(image, cv.COLOR_BGR2GRAY)
    blurred = cv.GaussianBlur(grayed, (5, 5), 0, borderType=number)
    dx = cv.Sobel(blurred, cv.CV_16S, 1, 0, borderType=number)
    dy = cv.Sobel(blurred, cv.CV_16S, 0, 1, borderType=number)
    l1 = cv.add(cv.convertScaleAbs(dx), cv.convertScaleAbs(dy))

    np.testing.assert_array_equal(gray(image), grayed)
    np.testing.assert_array_equal(blur(image, border), blurred)
    np.testing.assert_array_equal(edges_l1(image, border), l1.reshape(blurred.shape))


@settings(deadline=None)
@given(image=images(3))
def test_l2_is_opencvs_within_two_roundings(cv: Any, image: Image) -> None:
    blurred = cv.GaussianBlur(cv.cvtColor(image, cv.COLOR_BGR2GRAY), (5, 5), 0)
    magnitude = cv.magnitude(cv.Sobel(blurred, cv.CV_32F, 1, 0), cv.Sobel(blurred, cv.CV_32F, 0, 1))

    np.testing.assert_allclose(edges_l2(image), magnitude.reshape(blurred.shape), rtol=2.4e-7)


@settings(deadline=None, max_examples=300)
@given(image=st.one_of(images(3), images(1)), rows=st.integers(1, 170), columns=st.integers(1, 170))
def test_resize_is_opencvs_exact_one(cv: Any, image: Image, rows: int, columns: int) -> None:
    found = cv.resize(image, (columns, rows), interpolation=cv.INTER_LINEAR_EXACT)

    np.testing.assert_array_equal(resize(image, rows, columns), found)


@settings(deadline=None, max_examples=300)
@given(image=images(1))
def test_equalize_is_opencvs(cv: Any, image: Image) -> None:
    np.testing.assert_array_equal(equalize(image), cv.equalizeHist(image))


@settings(deadline=None)
@given(image=images(3), size=st.integers(1, 80), planes=st.sampled_from(["rgb", "bgr"]))
def test_letterbox_is_what_opencv_makes_of_the_frame(
    cv: Any, image: Image, size: int, planes: Any
) -> None:
    top, left, rows, columns = fit((image.shape[0], image.shape[1]), (size, size + 3))
    frame: NDArray[np.uint8] = np.full((size, size + 3, 3), 114, np.uint8)
    exact = cv.INTER_LINEAR_EXACT
    inner = cv.resize(image, (columns, rows), interpolation=exact)
    frame[top : top + rows, left : left + columns] = inner
    blob = cv.dnn.blobFromImage(frame, 1 / 255, swapRB=planes == "rgb")[0]

    found = letterbox(image, size, size + 3, scale=(1 / 255,) * 3, planes=planes)
    np.testing.assert_array_equal(found, blob)
