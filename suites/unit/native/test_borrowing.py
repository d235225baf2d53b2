"""What the boundary cannot borrow is a TypeError that says how to convert it, never a copy."""

import numpy as np
import pytest

from asrbench import _native
from asrbench.speech import synthetic

READY = np.linspace(-1, 1, 1600, dtype=np.float32)


def unaligned() -> object:
    """Return float32 values that begin at an odd address."""
    return np.zeros(1601 * 4, np.uint8)[1 : 1 + 1600 * 4].view(np.float32)


@pytest.mark.parametrize(
    ("pcm", "found"),
    [
        (READY.astype(np.float64), "an array of float64"),
        (READY.astype(np.int16), "an array of int16"),
        (READY.astype(">f4"), "an array of >f4"),
        (READY[::2], "an array that is not contiguous"),
        (READY[::-1], "an array that is not contiguous"),
        (READY.reshape(2, 800), "an array of rank 2"),
        (np.array(0.5, np.float32), "an array of rank 0"),
        (np.ma.masked_array(READY, READY > 0), "a masked array"),
        (unaligned(), "an array that is not aligned"),
        (READY.tobytes(), "a bytes"),
        ([0.0, 0.5], "a list"),
        (None, "a NoneType"),
    ],
)
def test_pcm_that_cannot_be_borrowed_is_refused(pcm: object, found: str) -> None:
    with pytest.raises(TypeError, match=f"pcm is {found}; expected float32.*ascontiguousarray"):
        _native.log_mel(pcm)  # type: ignore[arg-type]  # that is the test


def test_a_read_only_array_and_a_part_of_one_are_borrowed() -> None:
    ready = READY.copy()
    ready.flags.writeable = False

    np.testing.assert_array_equal(_native.log_mel(ready[160:]), _native.log_mel(READY[160:].copy()))


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_bytes_of_every_kind_are_borrowed(kind: type) -> None:
    model_bin, _, _ = synthetic.files(synthetic.TINY)

    assert len(_native.ct2_variables(kind(model_bin))) > 50


@pytest.mark.parametrize("source", ["text", None, 3, memoryview(b"abcdef")[::2]])
def test_what_lends_no_bytes_is_refused(source: object) -> None:
    with pytest.raises(TypeError, match=r"model_bin is a .*; expected contiguous bytes"):
        _native.ct2_variables(source)  # type: ignore[arg-type]  # that is the test


def test_a_result_owns_its_memory() -> None:
    first = _native.log_mel(READY)
    kept = first.copy()
    for _ in range(20):
        _native.log_mel(READY[::-1].copy())

    assert first.flags.writeable
    np.testing.assert_array_equal(first, kept)
