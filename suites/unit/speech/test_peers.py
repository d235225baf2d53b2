"""The peers as engines: each says what is said, as its own library does, or why it cannot start."""

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from asrbench import engine
from asrbench.engine import Engine, EngineOptions
from asrbench.errors import EngineError, ModelError
from asrbench.speech import corpus, synthetic
from asrbench.speech.accuracy import wer
from asrbench.speech.agreement import agree
from asrbench.speech.audio import Pcm
from asrbench.speech.corpus import Utterance
from asrbench.speech.engines.openai_whisper import OpenAIWhisper
from asrbench.speech.engines.oracle import Oracle
from asrbench.speech.engines.pocketsphinx import PocketSphinx
from asrbench.speech.engines.whisper_cpp import WhisperCpp
from asrbench.speech.transcript import Transcript

# OpenAI's whisper leaves the file of its vocabulary to be closed by whoever collects it.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed file .*tiktoken:ResourceWarning")

Recognizing = Engine[Pcm, Transcript]
Build = Callable[[EngineOptions], Recognizing]

PEERS: dict[str, tuple[Build, str, str]] = {  # name: engine, the library it needs, its extra
    "whisper-cpp": (WhisperCpp, "pywhispercpp", "peers"),
    "openai-whisper": (OpenAIWhisper, "whisper", "peers-torch"),
    "pocketsphinx": (PocketSphinx, "pocketsphinx", "peers"),
}
WHISPERS = ("whisper-cpp", "openai-whisper")


@pytest.fixture(scope="module")
def spoken() -> Sequence[Utterance]:
    """Two utterances of the embedded corpus."""
    return corpus.find("embedded").utterances[:2]


@pytest.fixture(scope="module", params=PEERS)
def peer(request: pytest.FixtureRequest) -> Iterator[Recognizing]:
    build, library, extra = PEERS[request.param]
    pytest.importorskip(library, reason=f'pip install "asrbench-perf[{extra}]"')
    built = build(EngineOptions())
    yield built
    built.close()


@pytest.mark.parametrize("name", PEERS)
def test_a_missing_library_is_an_engine_error_that_says_what_to_install(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    build, library, extra = PEERS[name]
    for module in (library, f"{library}.model"):
        monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(EngineError, match=rf'{name} needs .*"asrbench-perf\[{extra}\]"'):
        build(EngineOptions())


@pytest.mark.parametrize("name", PEERS)
def test_a_peer_is_found_by_its_name(name: str) -> None:
    assert engine.installed("speech")[name].load() is PEERS[name][0]
    assert PEERS[name][0].name == name  # type: ignore[attr-defined]


def test_a_peer_understands_what_is_said(peer: Recognizing, spoken: Sequence[Utterance]) -> None:
    references = [utterance.reference or "" for utterance in spoken]
    hypotheses = [peer.run(utterance.pcm()).text for utterance in spoken]

    assert wer(references, hypotheses).rate <= 0.15


def test_an_answer_does_not_depend_on_what_was_heard_before(
    peer: Recognizing, spoken: Sequence[Utterance]
) -> None:
    first, second = (utterance.pcm() for utterance in spoken)
    before = peer.run(first)
    peer.run(second)

    assert peer.run(first).text == before.text


def test_a_peer_on_our_weights_agrees_with_the_oracle(
    peer: Recognizing, spoken: Sequence[Utterance]
) -> None:
    if peer.name not in WHISPERS:
        pytest.skip(f"{peer.name} has a model of its own")
    pcm = spoken[0].pcm()
    check = agree(Oracle(EngineOptions()).run(pcm), peer.run(pcm))

    assert check.passed, check.detail


def test_a_peer_on_our_weights_gives_the_times_of_what_it_heard(
    peer: Recognizing, spoken: Sequence[Utterance]
) -> None:
    if peer.name not in WHISPERS:
        pytest.skip(f"{peer.name} gives the text alone")
    heard = peer.run(spoken[0].pcm())

    assert heard.segments
    assert "".join(segment.text for segment in heard.segments) == heard.text
    assert 0 < heard.segments[-1].end_s <= spoken[0].duration_s + 1.0


def test_whisper_cpp_refuses_tokens_that_it_would_end_the_process_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pywhispercpp", reason='pip install "asrbench-perf[peers]"')
    monkeypatch.setenv("ASRBENCH_CACHE", str(tmp_path / "cache"))
    synthetic.write(tmp_path / "model", synthetic.TINY)

    with pytest.raises(ModelError, match=r"has 282 tokens; whisper\.cpp expected one of"):
        WhisperCpp(EngineOptions(model=tmp_path / "model"))


def test_openai_whisper_takes_a_model_of_any_size(tmp_path: Path) -> None:
    pytest.importorskip("whisper", reason='pip install "asrbench-perf[peers-torch]"')
    synthetic.write(tmp_path, synthetic.SHAPES["base.en"].cut(1))

    assert OpenAIWhisper(EngineOptions(model=tmp_path)).name == "openai-whisper"
