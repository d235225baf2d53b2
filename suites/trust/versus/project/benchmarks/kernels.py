"""The four kernels as asv has them."""

from four import KERNELS


def time_log_mel():
    KERNELS["log_mel"]()


def time_product():
    KERNELS["product"]()


def time_beam():
    KERNELS["beam"]()


def time_walk():
    KERNELS["walk"]()
