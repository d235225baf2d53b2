"""Works on several targets, some at a time; what goes wrong with one does not end the others."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from asrbench.errors import Error
from asrbench.fuzz.log import Status
from asrbench.fuzz.session import Show
from asrbench.fuzz.target import Target

_T = TypeVar("_T")
ShowAll = Callable[[Mapping[str, Status]], None]


class Stopped(BaseException):
    """The others are to end: the caller was interrupted, or failed."""


def several(
    targets: Sequence[Target],
    at_once: int,
    work: Callable[[Target, Show], _T],
    show: ShowAll,
) -> list[_T | Error]:
    """Return what `work` gives for each target, in their order, or the Error it raises.

    `work` is handed a Show, to be called often: `show` hears of all that is under way, from any
    thread, and by it work ends soon when this function is interrupted.
    """
    stop = threading.Event()
    under_way: dict[str, Status] = {}

    def one(target: Target) -> _T | Error:
        def told(status: Status, took_s: float) -> None:
            del took_s  # the same for all
            if stop.is_set():
                raise Stopped
            under_way[target.name] = status
            show(dict(under_way))

        try:
            return work(target, told)
        except Error as error:
            return error
        finally:
            under_way.pop(target.name, None)

    with ThreadPoolExecutor(at_once) as pool:
        futures = [pool.submit(one, target) for target in targets]
        try:
            return [future.result() for future in futures]
        except BaseException:
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
