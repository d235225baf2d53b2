"""The camera loop: no frame is lost uncounted, faces are found, errors say what to do."""

from __future__ import annotations

import json
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from asrbench.cli import main
from asrbench.errors import CorpusError, ModelError
from asrbench.frames.camera.detector import Detector
from asrbench.frames.camera.reader import Frame, Reader
from asrbench.frames.camera.run import Loop, run
from asrbench.frames.camera.source import Captured, Image, Synthetic, find
from asrbench.frames.camera.trip import Trip
from asrbench.frames.camera.writer import Writer
from asrbench.frames.corpus import drawn
from asrbench.frames.oracle.edges import edges_l1

EXTRA = 'pip install "asrbench-perf[peers-frames]"'


@pytest.fixture
def cv() -> Any:
    """OpenCV."""
    return pytest.importorskip("cv2", reason=EXTRA)


class Given:
    """Gives the frames it was given."""

    def __init__(self, images: list[Image], rate_hz: float = 1e6) -> None:
        self.rate_hz, self.live = rate_hz, False
        self.images, self.closed = images, False

    def read(self) -> Image | None:
        return self.images.pop(0) if self.images else None

    def close(self) -> None:
        self.closed = True


def numbered(count: int) -> list[Image]:
    """Images that say their number."""
    return [np.full((4, 5, 3), number, np.uint8) for number in range(count)]


def test_every_frame_is_taken_or_counted_as_dropped() -> None:
    with Reader(Given(numbered(200))) as reader:
        taken = []
        while (frame := reader.take()) is not None:
            assert frame.image[0, 0, 0] == frame.number
            taken.append(frame.number)

    assert reader.read == 200
    assert reader.dropped == 200 - len(taken)
    assert taken == sorted(set(taken))
    assert taken[-1] == 199  # the newest is never dropped


def test_who_comes_late_gets_the_newest_frame() -> None:
    reader = Reader(Given(numbered(5)))
    with reader:
        reader._thread.join()  # all have come
        frame = reader.take()

        assert frame is not None
        assert (frame.number, reader.dropped) == (4, 4)
        assert reader.take() is None


def test_frames_come_at_the_rate_of_the_source() -> None:
    came = []
    with Reader(Given(numbered(6), rate_hz=50)) as reader:
        while (frame := reader.take()) is not None:
            came.append(frame.came_s)

    assert len(came) == 6
    assert 0.09 < came[-1] - came[0] < 0.5  # five pauses of 20 ms


def test_a_limit_ends_the_reading() -> None:
    with Reader(Given(numbered(9)), limit=3) as reader:
        while reader.take() is not None:
            pass

    assert reader.read == 3


def test_what_a_source_raises_is_raised_where_frames_are_taken() -> None:
    class Broken(Given):
        def read(self) -> Image | None:
            raise CorpusError("the lens is gone")

    with Reader(Broken([])) as reader, pytest.raises(CorpusError, match="the lens is gone"):
        reader.take()


def test_leaving_a_reader_ends_its_thread() -> None:
    reader = Reader(Synthetic((4, 5), rate_hz=100))
    with reader:
        reader.take()

    assert "camera" not in [thread.name for thread in threading.enumerate()]


def test_a_trip_counts_frames_and_times() -> None:
    kept: list[Trip] = []
    loop = Loop(threads=2)
    trip = run(Given([drawn(40, 50, seed) for seed in range(8)], 200), loop, keep=kept.append)

    assert kept == [trip]
    assert trip.read == 8
    assert trip.taken + trip.dropped == 8
    assert all(0 < f <= w <= late for f, w, late in zip(*times(trip), strict=True))
    assert 0 < trip.decode_s < trip.took_s + 1
    assert trip.real_time_factor == pytest.approx(200 * sum(trip.work_s) / trip.taken)
    assert trip.filter_fps is not None
    assert trip.work_fps is not None
    assert trip.filter_fps >= trip.work_fps
    assert trip.summary()["latency_ms_p95"] == f"{trip.taken} of 200 values"


def times(trip: Trip) -> tuple[tuple[float, ...], ...]:
    """The times of each frame, from the shortest span to the longest."""
    return trip.filter_s, trip.work_s, trip.latency_s


def test_a_p95_is_given_from_200_frames_on() -> None:
    values = tuple(float(ms) / 1000 for ms in range(1, 201))
    trip = Trip(30, 205, 5, 7.0, 0.1, values, (), values, values, ())

    assert trip.summary()["latency_ms_p95"] == pytest.approx(190)
    assert trip.summary()["latency_ms_p50"] == pytest.approx(100)
    assert trip.end_to_end_fps == pytest.approx(200 / 7)
    assert trip.summary()["faces"] is None


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"latency_s": ()}, "latency_s has 0 values; expected 1"),
        ({"faces": (1, 2)}, "faces has 2 values; expected 1"),
        ({"read": 0}, "read is 0; expected at least 1"),
        ({"work_s": (-1.0,)}, "a time is negative"),
    ],
)
def test_times_that_belong_to_no_frame_are_refused(change: dict[str, Any], said: str) -> None:
    fields = {"rate_hz": 30.0, "read": 1, "dropped": 0, "took_s": 1.0, "decode_s": 0.0}
    lists = {"filter_s": (0.1,), "work_s": (0.1,), "latency_s": (0.1,), "detect_s": (), "faces": ()}

    Trip(**{**fields, **lists})  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=said):
        Trip(**{**fields, **lists, **change})


def test_a_source_without_frames_is_refused() -> None:
    with pytest.raises(CorpusError, match="gave no frame"):
        run(Given([]), Loop())


def test_ctrl_c_keeps_what_was_done() -> None:
    kept: list[Trip] = []

    def press(number: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(Synthetic((40, 50), 100), Loop(), 50, press, kept.append)
    assert [trip.taken for trip in kept] == [1]


def test_drawn_frames_move_and_are_parts_of_a_larger_image() -> None:
    source = Synthetic((40, 200))
    first, second = source.read(), source.read()

    assert not first.flags.c_contiguous
    np.testing.assert_array_equal(first[:, 16:], second[:, :-16])
    for _ in range(50):
        assert source.read().shape == (40, 200, 3)


def test_a_video_file_is_read_to_its_end_and_written_again(tmp_path: Path, cv: Any) -> None:
    film = tmp_path / "film.avi"
    made = cv.VideoWriter(str(film), cv.VideoWriter.fourcc(*"MJPG"), 25.0, (160, 120))
    images = [drawn(120, 160, seed) for seed in range(12)]
    for image in images:
        made.write(image)
    made.release()
    source = find(str(film))
    out = Writer(tmp_path / "edges.avi", source.rate_hz, cv)
    trip = run(source, Loop(writer=out))
    source.close()
    out.close()

    assert source.rate_hz == 25
    assert trip.read == 12
    again = Captured(tmp_path / "edges.avi", cv)
    shown = []
    while (frame := again.read()) is not None:
        shown.append(frame)
    assert len(shown) == trip.taken
    apart = shown[-1][:, :, 0].astype(int) - edges_l1(images[-1])
    assert np.abs(apart).mean() < 16  # twice through JPEG


def astronaut(rows: int, columns: int) -> Image:
    """A photograph with one face, in the middle of a dark frame: padded, not stretched."""
    data = pytest.importorskip("skimage.data", reason=EXTRA)
    photograph = np.asarray(data.astronaut(), np.uint8)[:, :, ::-1]  # 512 x 512, red first
    frame = np.zeros((rows, columns, 3), np.uint8)
    top, left = (rows - 512) // 2, (columns - 512) // 2
    frame[top : top + 512, left : left + 512] = photograph
    return frame


def test_the_astronauts_face_is_found_once_and_where_it_is(cv: Any) -> None:
    loop = Loop(threads=2, detector=Detector(cv))
    ((left, top, wide, high),) = loop.see(Frame(0, astronaut(720, 1280), loop.clock()))

    assert loop.faces == [1]
    assert len(loop.detect_s) == 1
    assert left < 384 + 225 < left + wide  # the nose, in the photograph at (225, 120)
    assert top < 104 + 120 < top + high


def test_the_verb_counts_the_astronauts_face_in_a_film(
    tmp_path: Path, cv: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    film = tmp_path / "astronaut.avi"
    made = cv.VideoWriter(str(film), cv.VideoWriter.fourcc(*"MJPG"), 10.0, (640, 512))
    for _ in range(3):
        made.write(astronaut(512, 640))
    made.release()
    saved = tmp_path / "faces.mp4"

    words = ["camera", "--source", str(film), "--detect", "--save", str(saved), "--json"]
    assert main(words) == 0

    figures = json.loads(capsys.readouterr().out)
    assert figures["read"] == 3
    assert figures["taken"] + figures["dropped"] == 3
    assert figures["faces"] == figures["taken"] >= 1
    assert figures["source_fps"] == 10
    assert saved.stat().st_size > 0


def test_drawn_frames_need_no_opencv(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "cv2", None)

    assert main(["camera", "--source", "synthetic", "--frames", "3", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["read"] == 3
    for words in (["--source", "0"], ["--source", "synthetic", "--detect"]):
        assert main(["camera", *words]) == 3
        assert "need cv2, which is not installed: pip install" in capsys.readouterr().err


def test_what_cannot_be_opened_written_or_used_is_named(tmp_path: Path, cv: Any) -> None:
    (tmp_path / "text.avi").write_text("no film")
    with pytest.raises(CorpusError, match="no file /nowhere"):
        find("/nowhere")
    with pytest.raises(CorpusError, match=r"text.avi cannot be opened; expected a camera or a"):
        find(str(tmp_path / "text.avi"))
    with pytest.raises(CorpusError, match=r"expected a name that ends with .avi or .mp4"):
        Writer(tmp_path / "edges.txt", 25, cv)
    with pytest.raises(CorpusError, match="cannot be written; expected a folder that is there"):
        Writer(tmp_path / "none" / "edges.avi", 25, cv).write(np.zeros((9, 9), np.uint8), [])


def test_an_opencv_without_cascades_is_refused() -> None:
    class Five:
        __version__ = "5.0.0"

    with pytest.raises(ModelError, match=r"OpenCV 5\.0\.0 has no CascadeClassifier; expected"):
        Detector(Five())


def test_the_save_of_another_ending_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["camera", "--source", "synthetic", "--save", "edges.txt"]) == 64
    assert "--save is edges.txt; expected a name with .avi or .mp4" in capsys.readouterr().err
