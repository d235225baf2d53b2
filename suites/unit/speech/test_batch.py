"""A batch keeps its order, gathers refusals, and makes nothing twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from asrbench.errors import DeadlineError, EngineError
from asrbench.speech.audio import Pcm
from asrbench.speech.batch import Batch, Outcome, Places
from asrbench.speech.inputs import Input, inputs
from asrbench.speech.outputs import FORMATS
from asrbench.speech.transcript import Transcript

COUNT = 8


@pytest.fixture
def some(tmp_path: Path) -> list[Input]:
    """Files of 100, 101, ... values."""
    for number in range(COUNT):
        soundfile.write(tmp_path / f"{number}.wav", np.zeros(100 + number), 16_000)
    return inputs([tmp_path])


def counting(pcm: Pcm) -> Transcript:
    """Say how many values there are."""
    return Transcript(f"{pcm.size}")


def texts(outcomes: list[Outcome]) -> list[str]:
    """What was said, or how it was refused."""
    return [o.transcript.text if o.transcript else str(o.error) for o in outcomes]


@pytest.mark.parametrize("jobs", [1, 2, 5, 20])
def test_outcomes_come_in_the_order_of_the_inputs(jobs: int, some: list[Input]) -> None:
    found = list(Batch(counting).all(some, jobs))

    assert texts(found) == [str(100 + number) for number in range(COUNT)]
    assert [o.input for o in found] == some
    assert [o.audio_s for o in found] == [(100 + number) / 16_000 for number in range(COUNT)]


def test_the_slowest_first_still_comes_first(some: list[Input]) -> None:
    others = threading.Event()

    def first_waits(pcm: Pcm) -> Transcript:
        if pcm.size == 100:
            assert others.wait(10)
        else:
            others.set()
        return counting(pcm)

    assert texts(list(Batch(first_waits).all(some, 2)))[:2] == ["100", "101"]


def test_as_many_jobs_as_asked_are_at_work_and_no_more(some: list[Input]) -> None:
    together = threading.Barrier(3)
    working = [0, 0]  # now, and at most
    lock = threading.Lock()

    def meeting(pcm: Pcm) -> Transcript:
        with lock:
            working[0] += 1
            working[1] = max(working)
        together.wait(10)
        with lock:
            working[0] -= 1
        return counting(pcm)

    list(Batch(meeting).all(some[:6], 3))

    assert working == [0, 3]


@pytest.mark.parametrize("jobs", [1, 3])
@pytest.mark.parametrize("error", [DeadlineError("too slow"), EngineError("overflows")])
def test_what_is_refused_is_gathered_and_the_rest_goes_on(
    jobs: int, error: EngineError, some: list[Input], tmp_path: Path
) -> None:
    (tmp_path / "3.wav").write_bytes(b"no audio")

    def refusing(pcm: Pcm) -> Transcript:
        if pcm.size == 105:
            raise error
        return counting(pcm)

    found = texts(list(Batch(refusing).all(some, jobs)))

    assert found[:3] == ["100", "101", "102"]
    assert "3.wav" in found[3]
    assert found[4:] == ["104", str(error), "106", "107"]


@pytest.mark.parametrize("jobs", [1, 3])
def test_a_fault_is_no_refusal(jobs: int, some: list[Input]) -> None:
    def faulty(pcm: Pcm) -> Transcript:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(Batch(faulty).all(some, jobs))


def asked(batch: Callable[[Callable[[Pcm], Transcript]], Batch], some: list[Input]) -> list[int]:
    """The sizes of what is transcribed by a batch."""
    sizes: list[int] = []

    def noting(pcm: Pcm) -> Transcript:
        sizes.append(pcm.size)
        return counting(pcm)

    list(batch(noting).all(some))
    return sizes


def test_what_is_there_is_not_made_again_unless_something_changed(
    some: list[Input], tmp_path: Path
) -> None:
    out = tmp_path / "out"

    def batch(
        precision: str = "int16", again: bool = False
    ) -> Callable[[Callable[[Pcm], Transcript]], Batch]:
        places = Places(out, ("txt", "srt"), {"precision": precision}, again)
        return lambda transcribe: Batch(transcribe, places, FORMATS)

    everything = [100 + number for number in range(COUNT)]

    assert asked(batch(), some) == everything
    assert asked(batch(), some) == []
    soundfile.write(tmp_path / "2.wav", np.zeros(999), 16_000)
    (out / "5.txt").unlink()
    assert asked(batch(), some) == [999, 105]
    assert asked(batch(), some) == []
    assert asked(batch(again=True), some) == [100, 101, 999, *everything[3:]]
    assert asked(batch("int8"), some) == [100, 101, 999, *everything[3:]]
    assert (out / "2.txt").read_text() == "999\n"


def test_what_cannot_be_written_is_told_and_the_rest_is_written(
    some: list[Input], tmp_path: Path
) -> None:
    (tmp_path / "out" / "2.txt" / "in the way").mkdir(parents=True)

    found = list(Batch(counting, Places(tmp_path / "out", ("txt",)), FORMATS).all(some))

    assert [o.error is None for o in found] == [number != 2 for number in range(COUNT)]
    assert "2.wav says is lost" in str(found[2].error)
    assert found[3].written[0].read_text() == "103\n"


def test_outputs_lie_beside_their_input_where_no_folder_is_given(
    some: list[Input], tmp_path: Path
) -> None:
    found = list(Batch(counting, Places(endings=("txt",)), FORMATS).all(some[:1]))

    assert found[0].written == (tmp_path / "0.txt",)
    assert (tmp_path / "0.txt").read_text() == "100\n"


def test_an_outcome_says_one_thing(some: list[Input]) -> None:
    with pytest.raises(ValueError, match="a transcript, an error, or what was there"):
        Outcome(some[0])
    with pytest.raises(ValueError, match="a transcript, an error, or what was there"):
        Outcome(some[0], Transcript("a"), 1.0, EngineError("refused"))
    with pytest.raises(ValueError, match="a transcript with its audio_s"):
        Outcome(some[0], Transcript("a"))
