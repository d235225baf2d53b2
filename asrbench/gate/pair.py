"""Both sides of a launch at work: every case is called in turns, block by block."""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from asrbench.errors import WorkerError
from asrbench.gate.launched import BLOCKS, SIDES, Asked, Launched, Pace, Taken
from asrbench.gate.sides import Name, Process
from asrbench.gate.verdict import Kind, Unmeasured
from asrbench.measure.statistics import needed

_TAIL = needed(0.95)  # calls a side that carry a 95th percentile
_LEAST_BLOCKS = 3
_NO_CASE = "it was listed, and did not come when it was asked for"
_CALL_S = 1e-3  # what a timed call takes at least: shorter work is repeated
_BLOCKS_S = 0.6  # that the blocks of one side of a case take at most, where three take less


class SideError(Exception):
    """A side is gone, at a case or before the first."""

    def __init__(self, side: Name, case: str | None, error: WorkerError) -> None:
        super().__init__(str(error))
        self.side, self.case, self.message = side, case, str(error)
        self.kind: Kind = error.kind if error.kind in ("died", "hung", "raised") else "died"


class _LostError(Exception):
    """A side cannot go on with a case, and goes on with the next."""


@dataclass(slots=True)
class Pair:
    """Both sides at work in one launch."""

    sides: Mapping[Name, Process]
    asked: Asked
    paces: dict[str, Pace]
    chance: random.Random
    done: Launched
    case: str | None = None
    waiting: dict[Name, Mapping[str, Any]] = field(default_factory=dict)
    came: dict[Name, set[str]] = field(default_factory=lambda: {side: set() for side in SIDES})

    def run(self) -> None:
        """Start the sides, one when the other is ready; all cases; then hear what is left."""
        with contextlib.ExitStack() as started:
            for name, side in self.sides.items():
                self._start(name, side, started)
            self._cases()

    def _start(self, name: Name, side: Process, started: contextlib.ExitStack) -> None:
        """Start a side and wait until it is ready for its first case: that is its load time."""
        try:
            started.enter_context(side)
        except WorkerError as error:
            raise SideError(name, None, error) from error
        self._tell(name, {"ask": "cases", "names": list(self.asked.cases)})
        self.waiting[name] = self._hear(name)
        self.done.load_s[name] = time.perf_counter() - side.began

    def _cases(self) -> None:
        """Work on all cases, and hear what is left."""
        for case in self.asked.cases:
            self.case = case
            self._case(case)
        for name in SIDES:
            while not self.waiting[name].get("over"):
                self._lose(name, self.waiting[name])
                self.waiting[name] = self._hear(name)
            self.done.resident[name] = float(self.waiting[name]["resident"] or 0)
        known = {*self.done.cases, *self.done.wrong, *(one.case for one in self.done.lost)}
        for case in self.asked.cases:
            if case not in known:
                self.done.lost.append(Unmeasured(case, self._without(case), "refused", _NO_CASE))

    def _without(self, case: str) -> Literal["base", "head", "both"]:
        """Return which side did not give a case that it had listed."""
        missing = [name for name in SIDES if case not in self.came[name]]
        return missing[0] if len(missing) == 1 else "both"

    def _case(self, case: str) -> None:
        """Work on one case, where both sides are ready for it."""
        ready = {name: self._at(name, case) for name in SIDES}
        if all(ready.values()):
            amounts = {name: self.waiting[name].get("amount") for name in SIDES}
            if amounts["base"] != amounts["head"]:
                message = f"{amounts['base']} of work on the base, {amounts['head']} on the head"
                self.done.lost.append(Unmeasured(case, "both", "amount", message))
            else:
                amount = amounts["head"]
                self._work(case, None if amount is None else (amount[0], amount[1]))
        for name in SIDES:
            if ready[name] and self.waiting[name].get("ready") == case:
                self._tell(name, {"ask": "next"})
                self.waiting[name] = self._hear(name)

    def _at(self, name: Name, case: str) -> bool:
        """Whether a side is ready for a case; what it lost before is listed."""
        while "lost" in self.waiting[name]:
            lost = self.waiting[name]
            self._lose(name, lost)
            self.waiting[name] = self._hear(name)
            if lost["lost"] == case:
                return False
        ready = bool(self.waiting[name].get("ready") == case)
        if ready:
            self.came[name].add(case)
        return ready

    def _lose(self, name: Name, lost: Mapping[str, Any]) -> None:
        """List what a side could not do; an answer that is wrong is its own matter."""
        case = lost.get("lost")
        if case is None:
            return
        if lost["kind"] == "wrong":
            self.done.wrong.setdefault(case, {})[name] = lost["message"]
        else:
            self.done.lost.append(Unmeasured(case, name, lost["kind"], lost["message"]))
        self.done.cases.pop(case, None)

    def _work(self, case: str, amount: tuple[float, str] | None) -> None:
        """Check, warm up, read memory, then call in turns; where a side loses it, that is all."""
        try:
            if self.asked.check:
                self._check(case)
            if case not in self.paces:
                took = [self._of(name, "call", repeats=1, spin=0.0)["wall"] for name in SIDES * 3]
                self.paces[case] = _pace(min(took), case in self.asked.tails)
            pace = self.paces[case]
            taken = Taken(amount, pace.repeats)
            if self.asked.memory:
                self._memory(taken)
            if pace.blocks > _LEAST_BLOCKS:
                for name in SIDES:
                    self._of(name, "call", repeats=pace.repeats, spin=0.0)
            self._turns(pace, taken)
        except _LostError:
            return
        self.done.cases[case] = taken

    def _check(self, case: str) -> None:
        """Have each side check its own answer."""
        for name in SIDES:
            answer = self._of(name, "check")
            if not answer["passed"]:
                self.done.wrong.setdefault(case, {})[name] = answer["detail"] or "no reason"

    def _memory(self, taken: Taken) -> None:
        """Read what a call needs at most."""
        for name in self.chance.sample(SIDES, 2):
            needs = self._of(name, "memory")["bytes"]
            if needs is not None:
                taken.memory[name] = float(needs)

    def _turns(self, pace: Pace, taken: Taken) -> None:
        """Call both sides in every block, in random order."""
        for _ in range(pace.blocks):
            for name in self.chance.sample(SIDES, 2):
                spin = self.asked.spin if name == "head" else 0.0
                call = self._of(name, "call", repeats=pace.repeats, spin=spin)
                taken.calls[name].append(call)

    def _of(self, name: Name, ask: str, **more: Any) -> Mapping[str, Any]:
        """Ask a side about its case. Raises _LostError where it lost it, which is listed."""
        self._tell(name, {"ask": ask, **more})
        answer = self._hear(name)
        if "lost" in answer:
            self._lose(name, answer)
            self.waiting[name] = self._hear(name)
            raise _LostError
        return answer

    def _tell(self, name: Name, question: Mapping[str, Any]) -> None:
        try:
            self.sides[name].send(question)
        except WorkerError as error:
            raise SideError(name, self.case, error) from error

    def _hear(self, name: Name) -> Mapping[str, Any]:
        try:
            return self.sides[name].hear()
        except WorkerError as error:
            raise SideError(name, self.case, error) from error


def _pace(call_s: float, tail: bool) -> Pace:
    """Return how often to call what takes so many seconds."""
    repeats = max(1, math.ceil(_CALL_S / max(call_s, 1e-9)))
    if tail:
        return Pace(1 if call_s > _CALL_S / 20 else repeats, _TAIL)
    blocks = max(_LEAST_BLOCKS, min(BLOCKS, int(_BLOCKS_S / (call_s * repeats))))
    return Pace(repeats, blocks)
