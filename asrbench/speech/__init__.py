"""The speech workload: pcm -> log_mel -> encoder states -> tokens -> text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from asrbench import engine, twin
from asrbench.engine import Engine, StreamingEngine
from asrbench.errors import CorpusError
from asrbench.workload import (
    Arrival,
    Case,
    Check,
    Contrast,
    Score,
    Source,
    Streams,
    Timing,
    Workload,
)

if TYPE_CHECKING:  # audio and scores need libraries that `import asrbench` must not load
    from importlib.metadata import EntryPoint

    from asrbench.speech.audio import Pcm
    from asrbench.speech.corpus import Corpus
    from asrbench.speech.transcript import Transcript

    Recognizing = Engine[Pcm, Transcript]

_NAME = "speech"


def _engines() -> Mapping[str, EntryPoint]:
    return engine.installed(_NAME)


def _corpora() -> Sequence[Source]:
    from asrbench.speech.corpus import known

    return [Source(*corpus) for corpus in known()]


def _corpus(name: str, limit: int | None) -> Corpus:
    from asrbench.speech.corpus import find

    corpus = find(name)
    if limit is None:
        return corpus
    if limit < 1:
        raise CorpusError(f"limit is {limit}; expected one utterance or more")
    return replace(corpus, utterances=corpus.utterances[:limit])


def _cases(
    recognizing: Recognizing, corpus: Corpus, oracle: Callable[[], Recognizing]
) -> Sequence[Case[Transcript]]:
    from asrbench.speech.cases import transcriptions

    return transcriptions(recognizing, corpus, oracle)


def _agree(oracle: Transcript, output: Transcript) -> Check:
    from asrbench.speech.agreement import agree

    return agree(oracle, output)


def _stages(output: Transcript) -> Mapping[str, float]:
    return output.stages


def _score(corpus: Corpus, outputs: Mapping[str, Transcript]) -> Score:
    from asrbench.speech.scoring import score

    return score(corpus, outputs)


def _contrast(
    corpus: Corpus, first: Mapping[str, Transcript], second: Mapping[str, Transcript]
) -> Contrast | None:
    from asrbench.speech.scoring import contrast

    return contrast(corpus, first, second)


def _model(path: Path | None) -> Mapping[str, Any]:
    from asrbench.speech.weights import find

    weights = find(path)
    return {"source": weights.source, "verified": weights.verified}


def _arrivals(corpus: Corpus, chunk_s: float) -> Sequence[Arrival]:
    from asrbench.speech.streams import arrivals

    return arrivals(corpus, chunk_s)


def _whole(recognizing: Recognizing) -> StreamingEngine[Pcm]:
    from asrbench.speech.streams import Whole

    return Whole(recognizing)


def _timing(corpus: Corpus, item: str, output: Transcript) -> Timing:
    from asrbench.speech.streams import timing

    return timing(corpus, item, output)


def _said(text: str) -> Transcript:
    from asrbench.speech.transcript import Transcript

    return Transcript(text)


workload: Workload[Corpus, Recognizing, Transcript] = Workload(
    name=_NAME,
    oracle="oracle",
    engines=_engines,
    corpora=_corpora,
    corpus=_corpus,
    cases=_cases,
    agree=_agree,
    stages=_stages,
    score=_score,
    contrast=_contrast,
    model=_model,
    build=twin.build,
    streams=Streams(_arrivals, _whole, _timing, _said),
)
