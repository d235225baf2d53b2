"""Long calls: two threads at once, the GIL free, deadlines, Ctrl-C, and a child after fork."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from asrbench import DeadlineError, OptionError, _native
from asrbench.speech import synthetic


def quick() -> synthetic.Shape:
    """Return tiny.en's widths with windows of 2 s, two layers and few words."""
    shape = synthetic.SHAPES["tiny.en"].cut(2)
    sizes = replace(shape.dims, audio_context=100, text_context=32, vocabulary=1000)
    return replace(shape, dims=sizes)


MODEL = _native.Model(*synthetic.files(quick(), seed=1))


def noise(seconds: float, seed: int = 0) -> NDArray[np.float32]:
    return np.random.default_rng(seed).normal(0, 0.1, int(16000 * seconds)).astype(np.float32)


LONG = noise(600)  # many seconds of work


@pytest.fixture(params=[1, 2])
def recognizer(request: pytest.FixtureRequest) -> Iterator[_native.Recognizer]:
    """A recognizer that has been used before, and can still be used when the test is over."""
    ready = _native.Recognizer(MODEL, request.param)
    before = ready.transcribe(noise(1))["tokens"]
    yield ready
    assert ready.transcribe(noise(1))["tokens"] == before


def test_two_threads_with_one_recognizer_get_what_they_get_alone(
    recognizer: _native.Recognizer,
) -> None:
    audio = [noise(seconds, seed) for seed, seconds in enumerate((1, 2, 1.5, 0.5))]
    alone = [recognizer.transcribe(pcm)["tokens"] for pcm in audio]

    with ThreadPoolExecutor(2) as pool:
        together = list(pool.map(lambda pcm: recognizer.transcribe(pcm)["tokens"], audio * 2))

    assert together == alone * 2


def test_python_goes_on_while_the_core_works(recognizer: _native.Recognizer) -> None:
    steps = 0
    with ThreadPoolExecutor(1) as pool:
        working = pool.submit(recognizer.transcribe, LONG, deadline_s=0.5)
        while not working.done():
            time.sleep(0.01)
            steps += 1

    assert isinstance(working.exception(), DeadlineError)
    assert steps >= 10  # it would be one or two if the GIL were held


def test_a_call_ends_soon_after_its_deadline(recognizer: _native.Recognizer) -> None:
    late = []
    for _ in range(5):
        started = time.perf_counter()
        with pytest.raises(DeadlineError, match=r"longer than its deadline of 0\.2 s"):
            recognizer.transcribe(LONG, deadline_s=0.2)
        late.append(time.perf_counter() - started - 0.2)

    assert min(late) < 0.05, late


@pytest.mark.parametrize("deadline_s", [-1.0, float("nan")])
def test_a_deadline_that_is_none_is_refused(
    recognizer: _native.Recognizer, deadline_s: float
) -> None:
    with pytest.raises(OptionError, match=r"deadline_s is (-1|-?nan); expected 0 or more"):
        recognizer.transcribe(noise(1), deadline_s=deadline_s)


def test_ctrl_c_stops_a_long_call_within_100_ms(recognizer: _native.Recognizer) -> None:
    took = []
    for _ in range(5):
        pressed: list[float] = []

        def press(at: list[float] = pressed) -> None:
            at.append(time.perf_counter())
            os.kill(os.getpid(), signal.SIGINT)

        timer = threading.Timer(0.2, press)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            recognizer.transcribe(LONG)
        took.append(time.perf_counter() - pressed[0])
        timer.join()

    assert min(took) < 0.1, took


FORK = """
import os, sys
import numpy as np
from asrbench import _native
from asrbench.speech import synthetic
pcm = np.random.default_rng(0).normal(0, 0.1, 16000).astype(np.float32)
recognizer = _native.Recognizer(_native.Model(*synthetic.files(synthetic.TINY)), 4)
before = recognizer.transcribe(pcm)["tokens"]
child = os.fork()
same = recognizer.transcribe(pcm)["tokens"] == before
if child == 0:
    del recognizer
    os._exit(0 if same else 1)
_, status = os.waitpid(child, 0)
sys.exit(os.waitstatus_to_exitcode(status) or not same)
"""


def test_a_child_after_fork_recognizes_too() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK], timeout=60, check=False, capture_output=True
    )

    assert done.returncode == 0, done.stderr.decode()


def test_a_recognizer_of_no_model_is_refused() -> None:
    with pytest.raises(TypeError):
        _native.Recognizer(None)  # type: ignore[arg-type]
