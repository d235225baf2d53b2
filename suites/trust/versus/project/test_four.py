"""The four kernels as pytest-benchmark has them."""

import pytest
from four import KERNELS


@pytest.mark.parametrize("name", KERNELS)
def test_kernel(benchmark, name):
    benchmark(KERNELS[name])
