"""The C++ core: arrays go in borrowed and come out moved, and errors are those of asrbench.errors.

An array that cannot be borrowed (another dtype or rank, not contiguous, not aligned, masked) is a
TypeError that says how to convert it. The GIL is free during the work, Ctrl-C stops it.
"""

import mmap
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypedDict

import numpy as np
from numpy.typing import NDArray

_Bytes: TypeAlias = bytes | bytearray | memoryview | mmap.mmap
_Floats: TypeAlias = NDArray[np.float32]
_Image: TypeAlias = NDArray[np.uint8]

__version__: str
PREPARED_VERSION: int  # of the files that Model.save writes

def compiler() -> str:
    """Return the compiler and its version."""

def build_flags() -> str:
    """Return the build type and compile flags."""

def cpu_features() -> list[str]:
    """Return the processor's features that kernels ask for."""

def isa() -> str:
    """Return the instruction set in use: the fastest, or the one ASRBENCH_ISA names.

    Raises OptionError if ASRBENCH_ISA names one that cannot run here.
    """

def isas() -> list[str]:
    """Return the instruction sets that run here, the fastest first."""

def counts_allocations() -> bool:
    """Return whether this build can count allocations: on Linux, and not under a sanitizer."""

def count_allocations(on: bool, /) -> tuple[int, int]:
    """Count the allocations of the extension from now on, or no longer.

    Return how many calls of operator new were counted so far, and the bytes they asked for, by all
    threads of the process. What libstdc++ and Python allocate within themselves is not in it.
    """

def log_mel(pcm: _Floats, bins: int = 80) -> _Floats:
    """Return the log-mel spectrogram of a whole utterance: shape (n // 160, bins), time first.

    pcm is mono at 16 kHz, shape (n,). Raises AudioError if it is empty or not finite, OptionError
    unless 1 <= bins <= 256.
    """

def log_mel_raw(pcm: _Floats, bins: int = 80) -> _Floats:
    """Return the log-mel of the bare windows: shape (1 + (n - 400) // 160, bins), n >= 400.

    Raises AudioError if pcm is shorter or not finite, OptionError unless 1 <= bins <= 256.
    """

def ct2_variables(model_bin: _Bytes) -> list[tuple[str, str, list[int], int]]:
    """Return name, dtype, shape and data offset of each variable of a CTranslate2 model file.

    Raises ModelError, which names the offset and what was expected there.
    """

class Model:
    """The weights and vocabulary of a Whisper model; may be shared by threads."""

    def __init__(
        self,
        model_bin: _Bytes,
        config_json: _Bytes,
        vocabulary: _Bytes,
        isa: str | None = None,
        precision: str = "float32",
        windows: str = "full",
    ) -> None:
        """Read a model from the bytes of its files; they are not needed afterwards.

        `vocabulary` is the contents of vocabulary.txt or vocabulary.json. `precision` is float32,
        int16 or int8, `windows` full or cached. Raises ModelError where a file is damaged or they
        do not belong together, OptionError for an unknown `isa`, precision or windows.
        """

    @staticmethod
    def open(
        path: str,
        config_json: _Bytes,
        vocabulary: _Bytes,
        isa: str | None = None,
        precision: str = "int16",
        windows: str = "full",
    ) -> Model:
        """Map the weights that `save` wrote for the same isa, precision and windows.

        Raises ModelError where the file was written for others, or is damaged.
        """

    def save(self, path: str) -> None:
        """Write the weights as they are laid out. Raises OptionError for float32."""

    @property
    def dims(self) -> dict[str, int]:
        """The sizes of the model."""

    @property
    def multilingual(self) -> bool:
        """Whether the prompt names a language and a task."""

    @property
    def end_of_text(self) -> int:
        """The id of <|endoftext|>; those below it are text."""

    @property
    def isa(self) -> str:
        """The instruction set of its kernels."""

    def encode(self, log_mel: _Floats, threads: int = 1) -> _Floats:
        """Return a window's encoder states: shape (audio_context, state).

        `log_mel` is (frames, bins) with frames <= 2 * audio_context; missing frames are padded
        with 0. Raises OptionError for another shape.
        """

    def logits(self, states: _Floats, tokens: Sequence[int]) -> _Floats:
        """Return the logits behind each token: shape (len(tokens), vocabulary).

        `states` is (audio_context, state). Raises OptionError for another shape, a token outside
        the vocabulary or too many, EngineError if a logit is not finite.
        """

    def text(self, tokens: Sequence[int]) -> bytes:
        """Return the bytes of the tokens, special ones left out. A character may be cut."""

class Options:
    """What may be chosen about a transcription: see asrbench.speech.decoding.Decoding."""

    def __init__(
        self,
        *,
        language: str | None = "en",
        translate: bool = False,
        beam_size: int = 1,
        patience: float = 1.0,
        length_penalty: float = 1.0,
        best_of: int = 5,
        temperatures: Sequence[float] = (0.0,),
        compression_ratio: float | None = 2.4,
        avg_log_prob: float | None = -1.0,
        no_speech_prob: float | None = 0.6,
        compression: Callable[[bytes], float] | None = None,
        prompt: Sequence[int] = (),
        hotwords: Sequence[int] = (),
        condition_on_previous_text: bool = False,
        prompt_reset_temperature: float = 0.5,
        max_initial_timestamp_s: float = 1.0,
        seed: int = 0,
    ) -> None:
        """Choose; `language` None is detected.

        `compression` measures how repetitive a text is; without it none is too repetitive. What has
        no meaning is refused by `transcribe`.
        """

    @property
    def language(self) -> str | None:
        """Matters to multilingual models."""

    @property
    def no_speech_prob(self) -> float | None:
        """Above it a window may be skipped as silent."""

    @property
    def avg_log_prob(self) -> float | None:
        """At or below it a window may be skipped as silent."""

class Found(TypedDict):
    """What `Recognizer.transcribe` found.

    A segment is (start_s, end_s, text, tokens, avg_log_prob, no_speech_prob, temperature,
    compression_ratio), the last one None where it was not measured. In `Found` the log-probability
    and no-speech are means over the windows that were kept, and 0 where there was none. `language`
    is empty where there was no window.
    """

    tokens: list[int]
    segments: list[tuple[float, float, bytes, list[int], float, float, float, float | None]]
    windows: int
    avg_log_prob: float
    no_speech_prob: float
    language: str
    language_probability: float
    stages: dict[str, float]

class Recognizer:
    """Transcribes with one model; may be called from several threads at once."""

    def __init__(self, model: Model, threads: int = 1) -> None:
        """Start the threads; the caller's own is counted. Raises OptionError unless 1 to 256."""

    @property
    def threads(self) -> int:
        """Threads of a call, its own counted."""

    def transcribe(
        self, pcm: _Floats, options: Options = ..., deadline_s: float | None = None
    ) -> Found:
        """Transcribe mono pcm at 16 kHz, shape (n,).

        Raises AudioError if pcm is empty or not finite, EngineError if the model's numbers
        overflow, DeadlineError if it took longer than deadline_s, ModelError for a language that
        the model has not, OptionError for a deadline below 0 or options that have no meaning.
        """

class boundary:  # noqa: N801 - a submodule, written as the class of its functions
    """What a call costs: five functions with next to nothing in them, made as all bindings are."""

    @staticmethod
    def nothing() -> None:
        """Do nothing."""

    @staticmethod
    def scalars(count: int, value: float) -> float:
        """Return count times value."""

    @staticmethod
    def array_in(values: _Floats) -> float:
        """Return the first value and the last one, added; 0.0 of none. Raises TypeError."""

    @staticmethod
    def array_out(count: int) -> _Floats:
        """Return 0, 1, 2 and so on, of shape (count,). Raises OptionError beyond 2^24."""

    @staticmethod
    def bytes_in(data: _Bytes) -> int:
        """Return 256 times the number of bytes, and the last one added. Raises TypeError."""

class kernels:  # noqa: N801 - a submodule, written as the class of its functions
    """The kernels by instruction set, for tests: `isa` is one of `isas()`, else OptionError."""

    @staticmethod
    def gemm(
        a: _Floats,
        w: _Floats,
        bias: _Floats | None = None,
        residual: _Floats | None = None,
        gelu: bool = False,
        precision: str = "float32",
        even: bool = False,
        *,
        isa: str,
    ) -> _Floats:
        """Return residual + bias + a @ w.T of shape (rows, out), through GELU if asked for.

        For int16 and int8 the rows of w are quantised to 8 bits, those of a to 16 or to
        `int8_levels` steps either side of 0. If `even`, for int16, the weights of each input are
        divided by their largest first, and the input is multiplied by it.
        """

    @staticmethod
    def attend(
        queries: _Floats,
        keys: _Floats,
        values: _Floats,
        precision: str = "float32",
        taken: int | None = None,
        *,
        isa: str,
    ) -> _Floats:
        """Return softmax(queries @ keys.T / sqrt(size)) @ values, one head's attention.

        The places from `taken` on, a multiple of 4, are taken out of another head that has them.
        """

    @staticmethod
    def int8_levels(*, isa: str) -> int:
        """Return how large a quantised activation of 8 bits may be."""

    @staticmethod
    def peak(precision: str, rounds: int, *, isa: str) -> float:
        """Repeat the innermost loop of a product without its loads; return the operations made."""

    class Product:
        """A product a @ w.T, laid out once to be timed."""

        def __init__(self, a: _Floats, w: _Floats, precision: str = "float32", *, isa: str) -> None:
            """Lay out and quantise; a is (rows, depth), w (out, depth)."""

        def run(self) -> None:
            """Multiply."""

        def result(self) -> _Floats:
            """Return the product, computed once more: shape (rows, out)."""

    @staticmethod
    def gemv(w: _Floats, x: _Floats, bias: _Floats | None = None, *, isa: str) -> _Floats:
        """Return bias + w @ x of shape (rows,)."""

    @staticmethod
    def gemv_half(w: NDArray[np.uint16], x: _Floats, *, isa: str) -> _Floats:
        """Return w @ x of shape (rows,); w has the bits of half-precision values."""

    @staticmethod
    def layer_norm(
        x: _Floats, gamma: _Floats, beta: _Floats, epsilon: float = 1e-5, *, isa: str
    ) -> _Floats:
        """Return each row of x normalised, times gamma, plus beta."""

    @staticmethod
    def softmax(x: _Floats, scale: float = 1.0, *, isa: str) -> _Floats:
        """Return the softmax of scale * x for each row."""

    @staticmethod
    def gelu(x: _Floats, *, isa: str) -> _Floats:
        """Return x (1 + erf(x / sqrt 2)) / 2."""

    @staticmethod
    def weighted_sum(p: _Floats, v: _Floats, *, isa: str) -> _Floats:
        """Return p @ v of shape (columns,)."""

    @staticmethod
    def sum_exp(x: _Floats, shift: float, *, isa: str) -> float:
        """Return the sum of exp(x - shift)."""

    @staticmethod
    def max(x: _Floats, *, isa: str) -> float:
        """Return the largest value. Raises OptionError if there is none."""

class frames:  # noqa: N801 - likewise
    """Filters of camera images.

    An image is uint8 of shape (rows, columns, 3), blue, green, red, or (rows, columns), gray. Rows
    may lie any distance apart: a part of a larger image is borrowed as it is, and so is one upside
    down. Pixels must be packed, else TypeError. A result is a new array, or `out`, written and
    given back: TypeError where it cannot be written, OptionError for another shape or the image's
    own memory. EngineError for an image without a pixel, or more than 65535 rows or columns.
    """

    class Filters:
        """Filters that share a pool of threads; may be called from several threads at once."""

        def __init__(self, threads: int = 1, isa: str | None = None) -> None:
            """Start the threads; the caller of a filter is one of them, up to 256.

            OptionError for another number, or an `isa` that is not of `isas()`.
            """

        @property
        def threads(self) -> int:
            """Threads of a call, its own counted."""

        @property
        def isa(self) -> str:
            """The instruction set of the rows: avx512, avx2 or generic."""

        def gray(self, image: _Image, *, out: _Image | None = None) -> _Image:
            """Return the gray image, (rows, columns), to OpenCV's bits."""

        def blur(
            self, image: _Image, border: str = "reflect101", *, out: _Image | None = None
        ) -> _Image:
            """Return the gray image blurred by a 5x5 Gaussian, to OpenCV's bits.

            `border` is reflect101, reflect, replicate or constant (0), else OptionError.
            """

        def edges_l1(
            self, image: _Image, border: str = "reflect101", *, out: _Image | None = None
        ) -> _Image:
            """Return min(|dx| + |dy|, 255) of the blurred image by 3x3 Sobel, to OpenCV's bits."""

        def edges_l2(
            self, image: _Image, border: str = "reflect101", *, out: _Floats | None = None
        ) -> _Floats:
            """Return sqrt(dx^2 + dy^2) of the blurred image: rounded once from the exact sum."""

        def resize(
            self, image: _Image, rows: int, columns: int, *, out: _Image | None = None
        ) -> _Image:
            """Return the image at another size, bilinear, to the bits of INTER_LINEAR_EXACT."""

        def letterbox(
            self,
            image: _Image,
            rows: int,
            columns: int,
            *,
            mean: Sequence[float] = (0.0, 0.0, 0.0),
            scale: Sequence[float] = (1.0, 1.0, 1.0),
            fill: int = 114,
            planes: str = "rgb",
            out: _Floats | None = None,
        ) -> _Floats:
            """Return (value - mean) * scale of the image fitted into a frame: (3, rows, columns).

            Mean and scale are of blue, green and red; `planes` is rgb or bgr. Around the image
            every channel is `fill`. The image must be a colour one, and `out` without gaps.
            """

        def equalize(self, image: _Image, *, out: _Image | None = None) -> _Image:
            """Return a gray image with its histogram made even, to the bits of equalizeHist."""

class pricing:  # noqa: N801 - a submodule, written as the class of its functions
    """Prices of options by simulation; asrbench.pricing.PricingService is what to use."""

    class Pricer:
        """Prices contracts; may be called from several threads at once."""

        def __init__(self, threads: int = 1, isa: str | None = None) -> None:
            """Start the threads; the caller's own is counted.

            Raises OptionError unless threads is 1 to 256, or if isa cannot run here.
            """

        @property
        def threads(self) -> int:
            """Threads of a long call, its own counted."""

        def price(
            self,
            kind: str,
            right: str,
            spot: float,
            strike: float,
            rate: float,
            volatility: float,
            years: float,
            steps: int,
            knock: str,
            barrier: float,
            paths: int,
            seed: int,
            method: str,
            precision: str,
            greeks: bool,
            deadline_s: float | None = None,
        ) -> tuple[tuple[float, float], ...]:
            """Return price, delta, gamma, vega, rho, theta, or the price alone without Greeks.

            Each is a value and its standard error. Raises OptionError for what Contract and Request
            of asrbench.pricing refuse, DeadlineError if it took longer than deadline_s.
            """

    @staticmethod
    def words(seed: int, first: int, step: int, count: int, *, isa: str) -> NDArray[np.uint32]:
        """Return Philox' words of the counters (i, i >> 32, step, 0) from first on: (count, 4)."""

    @staticmethod
    def normals32(words: NDArray[np.uint32], *, isa: str) -> _Floats:
        """Return the deviates whose distribution function is (word + 1/2) / 2^32: shape (n,)."""

    @staticmethod
    def normals64(words: NDArray[np.uint64], *, isa: str) -> NDArray[np.float64]:
        """Return the deviates of 53 bits of each word, likewise."""

class jsonlog:  # noqa: N801 - a submodule, written as the class of its functions
    """Logs of JSON lines; not there in a build with -DASRBENCH_JSONLOG=OFF.

    What is counted of an input is a dict: `lines`, `blank`, `bad` (how many by reason) and
    `first_bad`, the first 100 as (line, reason, field or None); lines are numbered from 1.
    """

    class Query:
        """What is asked of a log: see asrbench.jsonlog.query.Query."""

        def __init__(
            self,
            *,
            by: str | None = None,
            value: str | None = None,
            sum: str | None = None,  # noqa: A002
            status: str | None = None,
            ok: str = "ok",
            where: Sequence[tuple[str, str, str]] = (),
            strict: bool = False,
            cap: int = ...,
        ) -> None:
            """Choose. Raises OptionError for a condition that is none, or a cap not 1 to 2^28."""

    class Log:
        """The answer to a query over any number of inputs; one thread feeds, others may ask."""

        def __init__(self, query: jsonlog.Query, buffer: int = ...) -> None:
            """Begin with no lines; a buffer has 1 to 2^28 bytes, else OptionError."""

        def scan(
            self,
            path: str,
            threads: int = 1,
            buffer: int = ...,
            part: int = ...,
            progress: Callable[[int], object] | None = None,
            deadline_s: float | None = None,
        ) -> dict[str, Any]:
            """Take a file's lines, all or none of them, and return what was counted.

            A thread takes `part` bytes at once. `progress` is told every 20 ms how many bytes were
            read. Raises Error where the file cannot be read, EngineError for more than 100 000
            groups, OptionError for threads not 1 to 256, DeadlineError.
            """

        def feed(self, source: _Bytes) -> None:
            """Take the next bytes of an input. After Ctrl-C some of them were taken."""

        def fed(self) -> dict[str, Any]:
            """Return what was counted of what was fed; a line that has begun is not in it."""

        def finish(self) -> dict[str, Any]:
            """Take what has begun as the last line; return what was counted since the last call."""

        def groups(
            self,
        ) -> list[tuple[str | None, int, int, float, int, tuple[float, float, float] | None]]:
            """Return key, count, errors, sum, values and percentiles of each group so far."""

    @staticmethod
    def columns(
        path: str,
        wanted: Sequence[tuple[str, str]],
        strict: bool = False,
        cap: int = ...,
        deadline_s: float | None = None,
    ) -> dict[str, Any]:
        """Return fields of a file by name, of type float64, int64, bool or text.

        Beside what was counted: `columns`, arrays of a value a sound line (of text: codes as int32,
        and the texts), and `valid`, whether there is one. Raises Error, OptionError, DeadlineError.
        """

    @staticmethod
    def validate(
        source: _Bytes,
        rules: Sequence[tuple[str, str, bool, float | None, float | None, Sequence[str]]],
        strict: bool = False,
        cap: int = ...,
        deadline_s: float | None = None,
    ) -> dict[str, Any]:
        """Hold records to rules: field, type, required, least, most, the texts that are allowed.

        A type is any, number, integer, text or bool. Beside what was counted: `records`, the lines
        that break no rule. Raises OptionError for an unknown type, DeadlineError.
        """
