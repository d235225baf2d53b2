"""A call of every binding on small input, and its refusals, for tests that must leave none out."""

from __future__ import annotations

import inspect
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from asrbench import _native
from asrbench.errors import Error
from asrbench.fuzz import small


@dataclass(frozen=True, slots=True)
class Call:
    """A call, and the objects that it hands over the boundary."""

    run: Callable[[], object]
    arguments: tuple[object, ...] = ()


FILES = small.files()
MODEL = _native.Model(*FILES)
RECOGNIZER = _native.Recognizer(MODEL)
STREAMS = _native.Streams(MODEL)
STREAM = _native.Stream(STREAMS)
STREAM.push(np.random.default_rng(0).normal(0, 0.1, 1200).astype(np.float32))
OPTIONS = _native.Options(language="en", words=True)
TEMPERATURES = [0.0, 0.5]
PCM = np.random.default_rng(0).normal(0, 0.1, 1600).astype(np.float32)
DIMS = MODEL.dims
MEL = np.zeros((2 * DIMS["audio_context"], DIMS["bins"]), np.float32)
STATES = np.zeros((DIMS["audio_context"], DIMS["state"]), np.float32)
TOKENS = [0, 1]
STANDING = [DIMS["vocabulary"] - DIMS["audio_context"] - 1]  # 0.00 s
ROWS = np.random.default_rng(1).normal(0, 1, (3, 8)).astype(np.float32)
ROW = ROWS[0].copy()
THREE = ROWS[:, 0].copy()
HALVES = ROWS.astype(np.float16).view(np.uint16)
ISA = _native.isa()
K = _native.kernels
B = _native.boundary
FOLDER = tempfile.TemporaryDirectory()  # removed when the process ends
PREPARED = str(Path(FOLDER.name) / "weights.bin")
INTEGERS = _native.Model(*FILES, None, "int16")
INTEGERS.save(PREPARED)
IMAGE = np.random.default_rng(2).integers(0, 256, (5, 7, 3), np.uint8)
GRAY = IMAGE[:, :, 0].copy()
FILTERS = _native.frames.Filters(2)
PRICER = _native.pricing.Pricer()
ASIAN = ("asian", "put", 100.0, 105.0, 0.05, 0.2, 1.0, 6, "", 0.0)
DRAWN = (32, 1, "philox", "float64", True)
WORDS = np.arange(7, dtype=np.uint32)
LONGS = np.arange(7, dtype=np.uint64)
PRODUCT = K.Product(ROWS, ROWS, "int8", isa=ISA)
LOG = b'{"model": "a", "ms": 1.5}\n{"model": "b"}\n{'
LOG_FILE = Path(FOLDER.name) / "log.jsonl"
LOG_FILE.write_bytes(LOG)
J = _native.jsonlog
QUERY = J.Query(by="model", value="ms", where=[("ms", ">", "1")])
ANSWER = J.Log(QUERY)
RULE: tuple[str, str, bool, float, float, list[str]] = ("ms", "number", True, 0.0, 9.0, [])


def print_nothing(done: int) -> None:
    """Listen to how far a call is."""


def measured(text: bytes) -> float:
    """Measure how repetitive a text is."""
    return len(text) / 8


def choose() -> _native.Options:
    """Choose beams, and draws where they are too unlikely."""
    return _native.Options(
        beam_size=3, temperatures=TEMPERATURES, avg_log_prob=0.0, compression=measured
    )


CHOSEN = choose()

CALLS: dict[str, Call] = {
    "compiler": Call(_native.compiler),
    "build_flags": Call(_native.build_flags),
    "cpu_features": Call(_native.cpu_features),
    "isa": Call(_native.isa),
    "isas": Call(_native.isas),
    "counts_allocations": Call(_native.counts_allocations),
    "count_allocations": Call(lambda: _native.count_allocations(False)),
    "log_mel": Call(lambda: _native.log_mel(PCM), (PCM,)),
    "log_mel_raw": Call(lambda: _native.log_mel_raw(PCM), (PCM,)),
    "ct2_variables": Call(lambda: _native.ct2_variables(FILES[0]), (FILES[0],)),
    "Model.__init__": Call(lambda: _native.Model(*FILES), FILES),
    "Model.dims": Call(lambda: MODEL.dims, (MODEL,)),
    "Model.multilingual": Call(lambda: MODEL.multilingual, (MODEL,)),
    "Model.end_of_text": Call(lambda: MODEL.end_of_text, (MODEL,)),
    "Model.isa": Call(lambda: MODEL.isa, (MODEL,)),
    "Model.open": Call(lambda: _native.Model.open(PREPARED, *FILES[1:]), FILES[1:]),
    "Model.save": Call(lambda: INTEGERS.save(PREPARED + "2"), (INTEGERS,)),
    "Model.encode": Call(lambda: MODEL.encode(MEL), (MODEL, MEL)),
    "Model.logits": Call(lambda: MODEL.logits(STATES, TOKENS), (MODEL, STATES, TOKENS)),
    "Model.text": Call(lambda: MODEL.text(TOKENS), (MODEL, TOKENS)),
    "Options.__init__": Call(choose, (TEMPERATURES, measured)),
    "Options.language": Call(lambda: OPTIONS.language, (OPTIONS,)),
    "Options.no_speech_prob": Call(lambda: OPTIONS.no_speech_prob, (OPTIONS,)),
    "Options.avg_log_prob": Call(lambda: OPTIONS.avg_log_prob, (OPTIONS,)),
    "Options.words": Call(lambda: OPTIONS.words, (OPTIONS,)),
    "Recognizer.__init__": Call(lambda: _native.Recognizer(MODEL, 2), (MODEL,)),
    "Recognizer.threads": Call(lambda: RECOGNIZER.threads, (RECOGNIZER,)),
    "Recognizer.transcribe": Call(
        lambda: RECOGNIZER.transcribe(PCM, CHOSEN, deadline_s=60.0), (RECOGNIZER, PCM, CHOSEN)
    ),
    "Streams.__init__": Call(lambda: _native.Streams(MODEL, 2, "en"), (MODEL,)),
    "Streams.timestamp_begin": Call(lambda: STREAMS.timestamp_begin, (STREAMS,)),
    "Stream.__init__": Call(lambda: _native.Stream(STREAMS), (STREAMS,)),
    "Stream.push": Call(lambda: _native.Stream(STREAMS).push(PCM), (STREAMS, PCM)),
    "Stream.end": Call(lambda: _native.Stream(STREAMS).end(), (STREAMS,)),
    "Stream.frames": Call(STREAM.frames, (STREAM,)),
    "Stream.log_mel": Call(STREAM.log_mel, (STREAM,)),
    "Stream.forget": Call(lambda: STREAM.forget(0), (STREAM,)),
    "Stream.decode": Call(lambda: STREAM.decode(STANDING, 2, 1, 60.0), (STREAM, STANDING)),
    "dtw": Call(lambda: _native.dtw(ROWS), (ROWS,)),
    "align": Call(
        lambda: _native.align(MODEL, STATES, TOKENS, DIMS["audio_context"]), (MODEL, STATES, TOKENS)
    ),
    "peaks": Call(
        lambda: _native.peaks(MODEL, STATES, TOKENS, DIMS["audio_context"]), (MODEL, STATES, TOKENS)
    ),
    "words": Call(lambda: _native.words(MODEL, TOKENS), (MODEL, TOKENS)),
    "boundary.nothing": Call(B.nothing),
    "boundary.scalars": Call(lambda: B.scalars(3, 0.25)),
    "boundary.array_in": Call(lambda: B.array_in(ROW), (ROW,)),
    "boundary.array_out": Call(lambda: B.array_out(16)),
    "boundary.bytes_in": Call(lambda: B.bytes_in(FILES[0]), (FILES[0],)),
    "jsonlog.Query": Call(lambda: J.Query(by="model", where=[("ms", "<", "1")])),
    "jsonlog.Log": Call(lambda: J.Log(QUERY), (QUERY,)),
    "jsonlog.Log.scan": Call(
        lambda: J.Log(QUERY).scan(str(LOG_FILE), 2, 16, 16, progress=print_nothing), (QUERY,)
    ),
    "jsonlog.Log.feed": Call(lambda: J.Log(QUERY, 8).feed(LOG), (QUERY, LOG)),
    "jsonlog.Log.fed": Call(ANSWER.fed, (ANSWER,)),
    "jsonlog.Log.finish": Call(ANSWER.finish, (ANSWER,)),
    "jsonlog.Log.groups": Call(ANSWER.groups, (ANSWER,)),
    "jsonlog.columns": Call(
        lambda: J.columns(str(LOG_FILE), [("ms", "float64"), ("model", "text")]), ()
    ),
    "jsonlog.validate": Call(lambda: J.validate(LOG, [RULE]), (LOG, RULE)),
    "kernels.gemm": Call(lambda: K.gemm(ROWS, ROWS, THREE, isa=ISA), (ROWS, THREE)),
    "kernels.attend": Call(lambda: K.attend(ROWS, ROWS, ROWS, "int16", isa=ISA), (ROWS,)),
    "kernels.int8_levels": Call(lambda: K.int8_levels(isa=ISA)),
    "kernels.peak": Call(lambda: K.peak("int8", 3, isa=ISA)),
    "kernels.Product": Call(lambda: K.Product(ROWS, ROWS, "int8", isa=ISA), (ROWS,)),
    "kernels.Product.run": Call(PRODUCT.run, (PRODUCT,)),
    "kernels.Product.result": Call(PRODUCT.result, (PRODUCT,)),
    "kernels.gemv": Call(lambda: K.gemv(ROWS, ROW, isa=ISA), (ROWS, ROW)),
    "kernels.gemv_half": Call(lambda: K.gemv_half(HALVES, ROW, isa=ISA), (HALVES, ROW)),
    "kernels.layer_norm": Call(lambda: K.layer_norm(ROWS, ROW, ROW, isa=ISA), (ROWS, ROW)),
    "kernels.softmax": Call(lambda: K.softmax(ROWS, isa=ISA), (ROWS,)),
    "kernels.gelu": Call(lambda: K.gelu(ROW, isa=ISA), (ROW,)),
    "kernels.weighted_sum": Call(lambda: K.weighted_sum(THREE, ROWS, isa=ISA), (THREE, ROWS)),
    "kernels.sum_exp": Call(lambda: K.sum_exp(ROW, 1.0, isa=ISA), (ROW,)),
    "frames.Filters": Call(lambda: _native.frames.Filters(2)),
    "frames.Filters.threads": Call(lambda: FILTERS.threads, (FILTERS,)),
    "frames.Filters.isa": Call(lambda: FILTERS.isa, (FILTERS,)),
    "frames.Filters.gray": Call(lambda: FILTERS.gray(IMAGE), (FILTERS, IMAGE)),
    "frames.Filters.blur": Call(lambda: FILTERS.blur(IMAGE, out=GRAY.copy()), (FILTERS, IMAGE)),
    "frames.Filters.edges_l1": Call(lambda: FILTERS.edges_l1(IMAGE), (FILTERS, IMAGE)),
    "frames.Filters.edges_l2": Call(lambda: FILTERS.edges_l2(IMAGE), (FILTERS, IMAGE)),
    "frames.Filters.resize": Call(lambda: FILTERS.resize(IMAGE, 3, 4), (FILTERS, IMAGE)),
    "frames.Filters.letterbox": Call(lambda: FILTERS.letterbox(IMAGE, 8, 8), (FILTERS, IMAGE)),
    "frames.Filters.equalize": Call(lambda: FILTERS.equalize(GRAY), (FILTERS, GRAY)),
    "kernels.max": Call(lambda: K.max(ROW, isa=ISA), (ROW,)),
    "pricing.Pricer": Call(lambda: _native.pricing.Pricer(2, ISA)),
    "pricing.Pricer.threads": Call(lambda: PRICER.threads, (PRICER,)),
    "pricing.Pricer.price": Call(
        lambda: PRICER.price(*ASIAN, *DRAWN, 60.0), (PRICER, *ASIAN, *DRAWN)
    ),
    "pricing.words": Call(lambda: _native.pricing.words(1, 2, 3, 4, isa=ISA)),
    "pricing.normals32": Call(lambda: _native.pricing.normals32(WORDS, isa=ISA), (WORDS,)),
    "pricing.normals64": Call(lambda: _native.pricing.normals64(LONGS, isa=ISA), (LONGS,)),
}


def refused(run: Callable[[], object], *arguments: object) -> Call:
    """Return a call that must be refused; what refuses it lets go of all it was given."""

    def refusal() -> None:
        try:
            run()
        except (TypeError, Error):
            return
        raise AssertionError("it was not refused")

    return Call(refusal, arguments)


WIDE = PCM.astype(np.float64)
HOLES = np.full(800, np.nan, np.float32)
CUT = FILES[0][:100]
BAD_TOKENS = [10_000]
REFUSALS: dict[str, Call] = {
    "log_mel of float64": refused(lambda: _native.log_mel(WIDE), WIDE),  # type: ignore[arg-type]
    "log_mel of nan": refused(lambda: _native.log_mel(HOLES), HOLES),
    "ct2_variables of a cut file": refused(lambda: _native.ct2_variables(CUT), CUT),
    "Model of a cut file": refused(lambda: _native.Model(CUT, *FILES[1:]), CUT, *FILES[1:]),
    "Model.encode of another shape": refused(lambda: MODEL.encode(ROWS), MODEL, ROWS),
    "Model.logits of an unknown token": refused(
        lambda: MODEL.logits(STATES, BAD_TOKENS), MODEL, STATES, BAD_TOKENS
    ),
    "Recognizer of no threads": refused(lambda: _native.Recognizer(MODEL, 0), MODEL),
    "Recognizer.transcribe of nan": refused(
        lambda: RECOGNIZER.transcribe(HOLES), RECOGNIZER, HOLES
    ),
    "Recognizer.transcribe with no beams": refused(
        lambda: RECOGNIZER.transcribe(PCM, _native.Options(beam_size=0)), RECOGNIZER, PCM
    ),
    "Recognizer.transcribe in no time": refused(
        lambda: RECOGNIZER.transcribe(PCM, deadline_s=-1.0), RECOGNIZER, PCM
    ),
    "Streams of no threads": refused(lambda: _native.Streams(MODEL, 0), MODEL),
    "Stream.push of nan": refused(lambda: STREAM.push(HOLES), STREAM, HOLES),
    "Stream.forget of more than there is": refused(lambda: STREAM.forget(9999), STREAM),
    "Stream.decode behind no timestamp": refused(lambda: STREAM.decode(TOKENS, 2), STREAM, TOKENS),
    "Model.open of something else": refused(
        lambda: _native.Model.open(PREPARED, *FILES[1:], None, "int8"), *FILES[1:]
    ),
    "boundary.array_in of float64": refused(lambda: B.array_in(WIDE), WIDE),  # type: ignore[arg-type]
    "boundary.array_out below 0": refused(lambda: B.array_out(-1)),
    "boundary.bytes_in of text": refused(lambda: B.bytes_in("text"), "text"),  # type: ignore[arg-type]
    "Model.save of float32": refused(lambda: MODEL.save(PREPARED + "3"), MODEL),
    "frames.Filters of no threads": refused(lambda: _native.frames.Filters(0)),
    "frames.Filters.gray into another shape": refused(
        lambda: FILTERS.gray(IMAGE, out=GRAY[1:]), FILTERS, IMAGE, GRAY
    ),
    "frames.Filters.blur into itself": refused(lambda: FILTERS.blur(GRAY, out=GRAY), FILTERS, GRAY),
    "frames.Filters.letterbox of a gray image": refused(
        lambda: FILTERS.letterbox(GRAY, 8, 8), FILTERS, GRAY
    ),
    "pricing.Pricer of no threads": refused(lambda: _native.pricing.Pricer(0)),
    "pricing.Pricer.price of no paths": refused(
        lambda: PRICER.price(*ASIAN, 0, *DRAWN[1:]), PRICER, *ASIAN, *DRAWN
    ),
    "pricing.Pricer.price in no time": refused(
        lambda: PRICER.price(*ASIAN, *DRAWN, -1.0), PRICER, *ASIAN, *DRAWN
    ),
    "pricing.normals32 of longer words": refused(
        lambda: _native.pricing.normals32(LONGS, isa=ISA),  # type: ignore[arg-type]  # the test
        LONGS,
    ),
    "jsonlog.Query of no comparison": refused(lambda: J.Query(where=[("ms", "~", "1")])),
    "jsonlog.Log of no buffer": refused(lambda: J.Log(QUERY, 0), QUERY),
    "jsonlog.Log.scan of nothing": refused(lambda: J.Log(QUERY).scan("/nowhere"), QUERY),
    "jsonlog.columns of no type": refused(lambda: J.columns(str(LOG_FILE), [("ms", "int")])),
    "jsonlog.validate of a text": refused(lambda: J.validate("{}", [RULE]), RULE),  # type: ignore[arg-type]
    "dtw of nothing": refused(lambda: _native.dtw(ROWS[:0]), ROWS),
    "align of end-of-text": refused(lambda: _native.align(MODEL, STATES, [256], 16), MODEL, STATES),
    "peaks of no frames": refused(lambda: _native.peaks(MODEL, STATES, TOKENS, 0), MODEL, STATES),
    "words of a negative id": refused(lambda: _native.words(MODEL, [-1]), MODEL),
    "kernels.gemv of other sizes": refused(lambda: K.gemv(ROWS, THREE, isa=ISA), ROWS, THREE),
}


def names() -> Iterator[str]:
    """Yield the name of every function, method and property of the extension, and its makers."""
    for name, thing in vars(_native).items():
        if inspect.isclass(thing):
            for inner, defined in vars(thing).items():
                makes = inner == "__init__" or not inner.startswith("_")
                if makes and (inspect.isroutine(defined) or isinstance(defined, property)):
                    yield f"{name}.{inner}"
        elif inspect.ismodule(thing) and thing.__name__.startswith(_native.__name__):
            for inner, defined in vars(thing).items():
                if not inner.startswith("_"):
                    yield f"{name}.{inner}"
                if inspect.isclass(defined):
                    public = (method for method in vars(defined) if not method.startswith("_"))
                    yield from (f"{name}.{inner}.{method}" for method in public)
        elif inspect.isroutine(thing):
            yield name
