"""A recognizer called from several threads, in any order, gives what it gives alone."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from numpy.typing import NDArray

from asrbench import AudioError, DeadlineError, ModelError, _native
from asrbench.speech import synthetic

MODEL = _native.Model(*synthetic.files(synthetic.SHAPES["dims-of-8"], seed=1))
CLIPS = [
    np.random.default_rng(seed).normal(0, 0.1, count).astype(np.float32)
    for seed, count in enumerate((1, 400, 5000, 9000))
]
BAD = [np.zeros(0, np.float32), np.full(500, np.nan, np.float32)]
Tokens = list[int]


def transcribe(recognizer: _native.Recognizer, pcm: NDArray[np.float32], language: str) -> Tokens:
    return recognizer.transcribe(pcm, _native.Options(language=language))["tokens"]


@cache
def alone(clip: int, language: str) -> Tokens:
    """What a recognizer of its own says."""
    return transcribe(_native.Recognizer(MODEL), CLIPS[clip], language)


class AnyOrder(RuleBasedStateMachine):
    """Starts calls, waits for them, and lets recognizers go while they work."""

    def __init__(self) -> None:
        super().__init__()
        self.pool = ThreadPoolExecutor(3)
        self.started: list[tuple[Future[Tokens], Tokens | type[Exception]]] = []

    @initialize(threads=st.integers(1, 3))
    def begin(self, threads: int) -> None:
        self.recognizer = _native.Recognizer(MODEL, threads)

    @rule(threads=st.integers(1, 3))
    def another_takes_its_place(self, threads: int) -> None:
        self.recognizer = _native.Recognizer(MODEL, threads)

    @rule(clip=st.integers(0, len(CLIPS) - 1), language=st.sampled_from(["en", "x01"]))
    def call(self, clip: int, language: str) -> None:
        work = self.pool.submit(transcribe, self.recognizer, CLIPS[clip], language)
        self.started.append((work, alone(clip, language)))

    @rule(bad=st.sampled_from(BAD))
    def call_with_bad_audio(self, bad: NDArray[np.float32]) -> None:
        work = self.pool.submit(transcribe, self.recognizer, bad, "en")
        self.started.append((work, AudioError))

    @rule()
    def call_in_a_language_it_has_not(self) -> None:
        work = self.pool.submit(transcribe, self.recognizer, CLIPS[1], "zz")
        self.started.append((work, ModelError))

    @rule()
    def call_with_no_time_left(self) -> None:
        work = self.pool.submit(
            lambda r: r.transcribe(CLIPS[2], deadline_s=0.0)["tokens"], self.recognizer
        )
        self.started.append((work, DeadlineError))

    @precondition(lambda self: self.started)
    @rule(data=st.data())
    def wait_for_one(self, data: st.DataObject) -> None:
        at = data.draw(st.integers(0, len(self.started) - 1))
        self.check(*self.started.pop(at))

    @invariant()
    def few_are_waited_for(self) -> None:
        while len(self.started) > 6:
            self.check(*self.started.pop(0))

    def check(self, work: Future[Tokens], expected: Tokens | type[Exception]) -> None:
        if isinstance(expected, list):
            assert work.result(timeout=60) == expected
        else:
            assert isinstance(work.exception(timeout=60), expected)

    def teardown(self) -> None:
        while self.started:
            self.check(*self.started.pop())
        self.pool.shutdown()


AnyOrder.TestCase.settings = settings(deadline=None, max_examples=30, stateful_step_count=30)
TestAnyOrder = AnyOrder.TestCase
