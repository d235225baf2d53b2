"""Functions for a fresh process to run, good and bad."""

import ctypes
import os
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from asrbench.measure.meters import KINDS
from asrbench.measure.overhead import overhead
from asrbench.measure.peak import Peak


def add(first: int, second: int) -> dict[str, int]:
    print("noise on the standard output")
    return {"sum": first + second, "pid": os.getpid()}


def grow(mebibytes: int) -> int:
    block = bytearray(mebibytes * 2**20)
    block[::4096] = b"x" * len(block[::4096])
    return len(block)


def complain() -> None:
    raise ValueError("42 is wrong; expected 41")


def abort() -> None:
    os.write(2, b"the last words\n")
    os.abort()


def leave() -> None:
    os._exit(7)


def hang() -> None:
    time.sleep(60)


def odd() -> object:
    return object()


def one_block(mebibytes: int) -> list[float]:
    """Hold one block, four times over: a process of its own has nothing else to move the mark."""
    return [peak_of(lambda: grow(mebibytes)) for _ in range(4)]


def after_a_large_one() -> list[float]:
    """Hold 300 MiB, then measure 5, nothing, and 5 twice one after the other."""
    grow(300)
    works: list[Callable[[], object]] = [
        lambda: grow(5),
        lambda: None,
        lambda: [grow(5), grow(5)],
    ]
    return [peak_of(work) for work in works]


def peak_of(work: Callable[[], object]) -> float:
    meter = Peak()
    meter.start()
    work()
    return meter.stop()


def cost() -> dict[str, float]:
    """Measure what the harness itself costs, with fewer values than its command takes."""
    return asdict(overhead(time.perf_counter, calls=5000, values=200_000))


def small_blocks(mebibytes: int) -> list[float]:
    """Hold blocks of 64 KiB, which malloc takes from its heap and keeps for later."""
    size = 2**16
    libc = ctypes.CDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.free.argtypes = [ctypes.c_void_p]
    readings = []
    for _ in range(3):
        meter = Peak()
        meter.start()
        blocks = [libc.malloc(size) for _ in range(mebibytes * 2**20 // size)]
        for block in blocks:
            ctypes.memset(block, 1, size)
        readings.append(meter.stop())
        for block in blocks:
            libc.free(block)
    return readings


def pushed() -> float:
    """Contend with another process for one processor, and count the switches."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    child = os.fork()
    if child == 0:
        end = time.monotonic() + 2.0
        while time.monotonic() < end:
            pass
        os._exit(0)
    meter = KINDS["switches"].make(None)
    meter.start()
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        pass
    value = meter.stop()
    os.kill(child, 9)
    os.waitpid(child, 0)
    return value


def linger(path: str) -> None:
    """Write this process's id, and stay."""
    Path(path).write_text(str(os.getpid()))
    time.sleep(60)
