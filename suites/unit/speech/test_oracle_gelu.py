"""The error function of our own, against the C library's."""

import math

import numpy as np

from asrbench.speech.oracle.gelu import erf, gelu


def test_erf_is_the_c_librarys_to_a_billionth() -> None:
    x = np.linspace(-7, 7, 100_001)

    worst = max(abs(ours - math.erf(value)) for value, ours in zip(x, erf(x), strict=True))
    assert worst < 1e-9


def test_gelu_is_exact_not_the_tanh_approximation() -> None:
    ours = gelu(np.array([-1.0, 0.0, 1.0, 2.0], np.float32))

    expected = [x * (1 + math.erf(x / math.sqrt(2))) / 2 for x in (-1.0, 0.0, 1.0, 2.0)]
    np.testing.assert_allclose(ours, expected, rtol=1e-6, atol=1e-9)
    assert abs(ours[3] - 1.9545977) > 5e-5  # what the tanh form gives at 2


def test_gelu_passes_large_values_and_stops_very_negative_ones() -> None:
    assert gelu(np.array([1e30, -1e30], np.float32)).tolist() == [np.float32(1e30), 0.0]
