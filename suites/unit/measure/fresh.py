"""Functions for a fresh process to run, good and bad."""

import os
import time


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
