"""The questions a side is asked, and its answers.

{"ask": "names"}                     -> {"names": [...]}
{"ask": "figures"}                   -> {"figures": {name: value}}
{"ask": "cases", "names": [...]}     -> {"ready": name, ...} or {"lost": name, ...}, case by case
{"ask": "call", "repeats", "spin"} -> {"wall", "cpu", "switches", "stages"}
{"ask": "check"}                   -> {"passed", "detail"}
{"ask": "memory"}                  -> {"bytes"}
{"ask": "allocations"}             -> {"calls", "bytes"}
{"ask": "instructions"}            -> {"instructions", "dump"}
{"ask": "next"}                    -> (the next case, at the end {"over": true, "resident"})
"""

from __future__ import annotations

import os
import resource
import socket
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from . import count, listed
from .wire import GoneError, Wire
from .work import Work


def main(descriptor: int) -> None:
    """Answer until nobody asks any more."""
    wire = Wire(socket.socket(fileno=descriptor))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.path.append(str(Path.cwd()))  # last: the installed package goes before its sources
    try:
        Side(wire, wire.receive()).run()
    except GoneError:
        os._exit(0)  # whatever threads there are
    wire.close()


class Side:
    """One side: what it was told about the project, and who asks."""

    def __init__(self, wire: Wire, told: Mapping[str, Any]) -> None:
        """`told` has the places of cases: "cases", "tests", "figures", "allocations"."""
        self._wire = wire
        self._told = told
        self._instructions: count.Instructions | None = None
        self._given: str | None = None  # the case that is or was served last

    def run(self) -> None:
        """Answer question after question."""
        while True:
            question = self._wire.receive()
            if question["ask"] == "names":
                self._answer(self._names)
            elif question["ask"] == "figures":
                self._answer(self._figures)
            else:
                self._cases(question["names"])

    def _answer(self, make: Callable[[], Mapping[str, Any]]) -> None:
        """Send an answer, or what was raised instead."""
        try:
            answer = make()
        except Exception as error:  # noqa: BLE001  not to go on: who asked is told
            answer = {"raised": f"{type(error).__name__}: {error}"}
        self._wire.send(answer)

    def _names(self) -> Mapping[str, Any]:
        found = listed.names(self._told["cases"])
        if self._told["tests"]:
            from . import tests

            found += tests.names(self._told["tests"])
        return {"names": found}

    def _figures(self) -> Mapping[str, Any]:
        values: dict[str, float] = {}
        for place in self._told["figures"]:
            values.update({name: float(v) for name, v in listed.function(place)().items()})
        return {"figures": values}

    def _cases(self, names: list[str]) -> None:
        """Serve the cases of these names; whatever stops one is told, and the others follow."""
        own = [name for name in names if "::" not in name]
        try:
            listed.run(self._told["cases"], own, self._serve)
        except GoneError:
            raise
        except Exception as error:  # noqa: BLE001  not to go on with them: who asked is told
            for name in own[(own.index(self._given) + 1 if self._given in own else 0) :]:
                self._tell(name, "raised", f"{type(error).__name__}: {error}")
        nodes = [name for name in names if "::" in name]
        if nodes:
            from . import tests

            tests.run(nodes, self._serve_test, self._tell)
        self._wire.send({"over": True, "resident": count.resident_bytes()})

    def _tell(self, name: str, kind: str, message: str) -> None:
        self._wire.send({"lost": name, "kind": kind, "message": message})

    def _serve_test(self, work: Work) -> None:
        """Serve a test's work; what it raises is the test's to fail with."""
        self._wire.send({"ready": work.name, "amount": work.amount})
        self._calls(work)

    def _serve(self, work: Work) -> None:
        """Serve a listed case; what it raises is told here."""
        self._given = work.name
        try:
            if work.prepare is not None:
                work.prepare()
        except Exception as error:  # noqa: BLE001  not to go on: who asked is told
            self._tell(work.name, "refused", f"{type(error).__name__}: {error}")
            return
        self._wire.send({"ready": work.name, "amount": work.amount})
        try:
            self._calls(work)
        except GoneError:
            raise
        except Exception as error:  # noqa: BLE001  as above
            self._tell(work.name, "raised", f"{type(error).__name__}: {error}")

    def _calls(self, work: Work) -> None:
        while (question := self._wire.receive())["ask"] != "next":
            self._wire.send(self._about(work, question))

    def _about(self, work: Work, question: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the answer to one question about a case."""
        ask = question["ask"]
        if ask == "call":
            return timed(work, question["repeats"], question["spin"])
        if ask == "check":
            check = None if work.check is None else work.check(work.run())
            return {
                "passed": check is None or bool(check.passed),
                "detail": "" if check is None else str(check.detail),
            }
        if ask == "memory":
            return {"bytes": count.peak_bytes(work.run)}
        if ask == "allocations":
            counting = listed.function(self._told["allocations"])
            calls, size = count.allocations(work.run, counting)
            return {"calls": calls, "bytes": size}
        if ask == "instructions":
            if self._instructions is None:
                self._instructions = count.Instructions()
            total, dump = self._instructions.of(work.run)
            return {"instructions": total, "dump": dump}
        raise RuntimeError(f"asked for {ask!r}; expected one of this module's questions")


def timed(work: Work, repeats: int, spin: float) -> Mapping[str, Any]:
    """Call some times in a row; return seconds a call, and what the system took meanwhile.

    `spin` is the share of its time by which each call is made slower, for calibration: the
    processor is kept busy so much longer within what is timed.
    """
    run = work.run
    switches = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
    cpu = time.process_time()
    began = time.perf_counter()
    for _ in range(repeats):
        output = run()
    took = time.perf_counter() - began
    if spin > 0:
        until = began + took * (1 + spin)
        while time.perf_counter() < until:
            pass
        took = time.perf_counter() - began
    cpu = time.process_time() - cpu
    switches = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw - switches
    stages = {} if work.stages is None else dict(work.stages(output))
    return {
        "wall": took / repeats,
        "cpu": cpu / repeats,
        "switches": switches,
        "stages": stages,
    }
