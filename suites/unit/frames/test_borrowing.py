"""What cannot be borrowed as an image, or written as a result, is refused with what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from asrbench import EngineError, OptionError, _native

FILTERS = _native.frames.Filters(2)
IMAGE = np.random.default_rng(0).integers(0, 256, (6, 8, 3), np.uint8)


@pytest.mark.parametrize(
    ("image", "found"),
    [
        (IMAGE.astype(np.float32), "an array of float32"),
        (IMAGE.astype(np.int8), "an array of int8"),
        (IMAGE > 3, "an array of bool"),
        (IMAGE[0, :, 0], "an array of rank 1"),
        (IMAGE[np.newaxis], "an array of rank 4"),
        (IMAGE[:, :, :2].copy(), r"an array of shape \(6, 8, 2\)"),
        (IMAGE[:, ::-1], "an array whose rows are not packed"),
        (IMAGE[:, :, ::-1], "an array whose rows are not packed"),
        (IMAGE[:, ::2], "an array whose rows are not packed"),
        (IMAGE[:, :, 0], "an array whose rows are not packed"),
        (np.asfortranarray(IMAGE), "an array whose rows are not packed"),
        (IMAGE.transpose(1, 0, 2), "an array whose rows are not packed"),
        (np.ma.masked_array(IMAGE, IMAGE > 3), "a masked array"),
        (IMAGE.tobytes(), "a bytes"),
        (IMAGE.tolist(), "a list"),
        (None, "a NoneType"),
    ],
)
def test_an_image_that_cannot_be_borrowed_is_refused(image: Any, found: str) -> None:
    for call in (FILTERS.gray, FILTERS.edges_l1, FILTERS.equalize):
        with pytest.raises(TypeError, match=f"image is {found}.*expected uint8.*ascontiguousarray"):
            call(image)


@pytest.mark.parametrize("shape", [(0, 5, 3), (5, 0, 3), (0, 0), (65_536, 1), (1, 65_536)])
def test_an_image_of_no_pixels_or_too_many_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(
        EngineError, match=r"image has \d+ rows and \d+ columns; expected 1 to 65535"
    ):
        FILTERS.gray(np.zeros(shape, np.uint8))


def test_a_read_only_image_and_one_row_repeated_are_borrowed() -> None:
    row = np.broadcast_to(IMAGE[:1], (5, 8, 3))  # every row at the same place

    np.testing.assert_array_equal(FILTERS.blur(row), FILTERS.blur(row.copy()))


def test_strides_of_an_axis_of_one_do_not_matter() -> None:
    column = IMAGE[:, 3:4, :]
    odd = np.lib.stride_tricks.as_strided(IMAGE, (1, 8, 3), (-7, 3, 1))

    np.testing.assert_array_equal(FILTERS.edges_l1(column), FILTERS.edges_l1(column.copy()))
    np.testing.assert_array_equal(FILTERS.edges_l1(odd), FILTERS.edges_l1(odd.copy()))


def read_only() -> Any:
    """An array that may not be written."""
    array = np.empty((6, 8), np.uint8)
    array.flags.writeable = False
    return array


@pytest.mark.parametrize(
    ("out", "found"),
    [
        (np.empty((6, 8), np.int8), "an array of int8"),
        (np.empty((6, 16), np.uint8)[:, ::2], "an array whose rows are not packed"),
        (read_only(), "an array that is read only"),
        (np.lib.stride_tricks.as_strided(np.empty(99, np.uint8), (6, 8), (4, 1)), "rows overlap"),
        (np.lib.stride_tricks.as_strided(np.empty(99, np.uint8), (6, 8), (0, 1)), "rows overlap"),
        (bytearray(48), "a bytearray"),
    ],
)
def test_an_out_that_cannot_be_written_is_refused(out: Any, found: str) -> None:
    with pytest.raises(TypeError, match=rf"out is .*{found}.*expected uint8 of shape \(6, 8\)"):
        FILTERS.gray(IMAGE, out=out)


@pytest.mark.parametrize("shape", [(8, 6), (6, 9), (6, 8, 3), (1, 48)])
def test_an_out_of_another_shape_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(OptionError, match=r"out has shape .*; expected \(6, 8\)"):
        FILTERS.gray(IMAGE, out=np.empty(shape, np.uint8))


def test_floats_that_are_not_aligned_are_refused() -> None:
    memory = np.zeros(6 * 9 * 4 + 1, np.uint8)
    unaligned = memory[1:].view(np.float32)[:48].reshape(6, 8)
    odd_rows = np.lib.stride_tricks.as_strided(
        memory.view()[:216].view(np.float32), (6, 8), (33, 4)
    )

    for out in (unaligned, odd_rows):
        with pytest.raises(TypeError, match="out is an array that is not aligned"):
            FILTERS.edges_l2(IMAGE, out=out)


def test_an_out_in_the_memory_of_the_image_is_refused() -> None:
    whole = np.zeros((20, 8), np.uint8)

    for out in (whole[:10], whole[5:15], whole[9::-1], whole[9:19]):
        with pytest.raises(OptionError, match="out lies in the memory of the image"):
            FILTERS.blur(whole[:10], out=out)
    assert FILTERS.blur(whole[:10], out=whole[10:]) is not None


def test_a_letterboxs_out_must_have_no_gaps() -> None:
    gaps = np.empty((3, 9, 10), np.float32)[:, :, 1:]

    for out in (gaps, np.empty((3, 9, 8), np.float32), np.empty((9, 9), np.float32)):
        with pytest.raises(
            OptionError, match=r"out has shape .*; expected \(3, 9, 9\) without gaps"
        ):
            FILTERS.letterbox(IMAGE, 9, 9, out=out)
    with pytest.raises(TypeError, match="out is an array of float64; expected float32"):
        FILTERS.letterbox(IMAGE, 9, 9, out=np.empty((3, 9, 9)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rows": 0}, "rows is 0; expected 1 to 65535"),
        ({"columns": 65_536}, "columns is 65536; expected 1 to 65535"),
        ({"fill": 256}, "fill is 256; expected 0 to 255"),
        ({"planes": "gbr"}, 'planes is "gbr"; expected rgb or bgr'),
        ({"mean": (0.0, float("nan"), 0.0)}, "mean has nan; expected finite values"),
        ({"scale": (float("inf"), 1.0, 1.0)}, "scale has inf; expected finite values"),
    ],
)
def test_a_letterbox_that_cannot_be_is_refused(options: dict[str, Any], said: str) -> None:
    with pytest.raises(OptionError, match=said):
        FILTERS.letterbox(IMAGE, **{"rows": 9, "columns": 9, **options})


def test_other_wrong_options_are_refused() -> None:
    with pytest.raises(OptionError, match='border is "wrap"; expected reflect101, reflect'):
        FILTERS.blur(IMAGE, "wrap")
    with pytest.raises(OptionError, match="threads is 257; expected 1 to 256"):
        _native.frames.Filters(257)
    with pytest.raises(OptionError, match='instruction set is "abacus"'):
        _native.frames.Filters(1, "abacus")
    with pytest.raises(OptionError, match="image has 3 channels; expected a gray image"):
        FILTERS.equalize(IMAGE)
    with pytest.raises(OptionError, match="image has 1 channel; expected blue, green and red"):
        FILTERS.letterbox(IMAGE[:, :, 0].copy(), 9, 9)
