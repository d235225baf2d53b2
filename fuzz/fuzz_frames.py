"""Filters of images of any shape, stride and dtype: what the oracle gives, or a refusal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from asrbench import EngineError, OptionError, _native
from asrbench.frames.oracle import edges, equalize, letterbox, resize
from asrbench.frames.oracle.border import BORDERS
from asrbench.fuzz.chooser import Chooser

NAMES = ("gray", "blur", "edges_l1", "edges_l2", "equalize", "resize", "letterbox")
DTYPES = (np.uint8, np.uint8, np.uint8, np.int8, np.float32, np.uint16)
FILTERS = [_native.frames.Filters(threads, isa) for isa in _native.isas() for threads in (1, 3)]
MEAN, SCALE = (103.5, 116.3, 123.7), (0.017, 0.018, 0.019)


def one_input(data: bytes) -> None:
    """Filter one array; a view that is refused must be taken as a copy, if it is an image."""
    chooser = Chooser(data)
    name = chooser.pick(NAMES)
    filters = chooser.pick(FILTERS)
    border = chooser.pick((*BORDERS, "wrap"))
    rows, columns = chooser.number(0, 40), chooser.number(0, 40)
    give_out = chooser.number(0, 3) == 3
    array = chosen(chooser)
    image = array.ndim == 2 or (array.ndim == 3 and array.shape[2] == 3)
    fits = {"equalize": array.ndim == 2, "letterbox": array.ndim == 3}.get(name, True)
    right = image and fits and array.size > 0 and array.dtype == np.uint8
    right &= border != "wrap" or name not in ("blur", "edges_l1", "edges_l2")
    right &= min(rows, columns) > 0 or name not in ("resize", "letterbox")
    more = {
        "blur": (border,),
        "edges_l1": (border,),
        "edges_l2": (border,),
        "resize": (rows, columns),
        "letterbox": (rows, columns),
    }.get(name, ())
    options = {"mean": MEAN, "scale": SCALE} if name == "letterbox" else {}
    call = getattr(filters, name)
    try:
        found = call(array, *more, **options)
    except (TypeError, OptionError, EngineError):
        if not right:
            return
        assert not packed(array), "an image that could be borrowed was refused"
        found = call(np.ascontiguousarray(array), *more, **options)
    assert right, "what is no image was taken"
    np.testing.assert_array_equal(found, expected(name, array, more, options))
    if give_out:
        out = np.full((found.shape[0] * 2, *found.shape[1:]), 9, found.dtype)
        try:
            call(array, *more, **options, out=out[::2])
        except (TypeError, OptionError):
            return
        np.testing.assert_array_equal(out[::2], found)
        assert (out[1::2] == 9).all(), "written between the rows of out"


def expected(name: str, array: NDArray[Any], more: tuple[Any, ...], options: Any) -> NDArray[Any]:
    """Return the oracle's answer."""
    module = {"equalize": equalize, "resize": resize, "letterbox": letterbox}.get(name, edges)
    answer: NDArray[Any] = getattr(module, name)(array, *more, **options)
    return answer


def packed(array: NDArray[Any]) -> bool:
    """Whether each row lies without gaps, as a borrowed image must."""
    distance = array.itemsize
    for size, stride in zip(array.shape[:0:-1], array.strides[:0:-1], strict=True):
        if size > 1 and stride != distance:
            return False
        distance *= size
    return True


def chosen(chooser: Chooser) -> NDArray[Any]:
    """Return an array of chosen dtype, rank and sizes, a view with chosen steps of a larger one."""
    dtype = chooser.pick(DTYPES)
    rank = chooser.pick((3, 3, 2, 2, 1, 4))
    sizes = [chooser.number(0, 70) for _ in range(min(rank, 2))]
    sizes += [chooser.pick((3, 3, 3, 1, 2, 4)) for _ in range(rank - len(sizes))]
    steps = [chooser.pick((1, 1, 1, 2, -1, -3)) for _ in range(rank)]
    gaps = [chooser.pick((0, 0, 1, 5)) for _ in range(rank)]
    whole = [size * abs(step) + gap for size, step, gap in zip(sizes, steps, gaps, strict=True)]
    values = np.frombuffer(chooser.rest() or b"\x7f", np.uint8)
    memory = np.resize(values, whole).astype(dtype)
    slices = (
        slice(None, size * step, step) if step > 0 else slice(size * -step - 1, None, step)
        for size, step in zip(sizes, steps, strict=True)
    )
    return memory[tuple(slices)]


def seeds() -> Iterator[bytes]:
    """Yield every filter on images with and without gaps, upside down, of wrong dtype and rank."""
    noise = np.random.default_rng(0).bytes(200)
    for kind in range(len(NAMES)):
        for border in (0, 4):
            head = bytes([kind, kind, border, 17, 9, 3])
            gray = 2 if kind == 4 else 0
            three = b"\0" * (gray == 0)
            yield head + bytes([0, gray, 37, 33]) + three + bytes(6) + noise
            yield head + bytes([0, gray, 1, 1]) + three + bytes(6) + noise
            yield head + bytes([0, gray, 20, 67]) + three + b"\4\0\0\3\3\0" + noise
            yield head + bytes([3, gray, 5, 5]) + three + bytes(6) + noise
            yield head + bytes([0, gray, 9, 30]) + three + b"\3\4\0\0\0\0" + noise
    yield bytes([0, 0, 0, 1, 1, 0, 0, 4, 9, 1, 1])
    yield bytes([0, 0, 0, 1, 1, 0, 0, 5, 9, 1, 1, 0, 0])
