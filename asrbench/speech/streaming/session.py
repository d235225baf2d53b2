"""A stream heard while it arrives: passes at fixed places of the audio, words committed for good.

Whatever the chunks, passes are made at multiples of the step and where speech pauses, so that the
events depend on the audio alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from asrbench.engine import Commit, Event, Final, Partial, TimedWord
from asrbench.errors import AudioError, OptionError
from asrbench.speech.audio import RATE_HZ, Pcm
from asrbench.speech.streaming.agreement import agreed, marked
from asrbench.speech.streaming.attention import sure
from asrbench.speech.streaming.hearing import Hearing, Limits
from asrbench.speech.streaming.options import BLOCK, StreamOptions
from asrbench.speech.streaming.pauses import Pauses
from asrbench.speech.streaming.standing import FRAMES_PER_S, Pass, Standing
from asrbench.speech.streaming.words import STATE_S, Heard, Splitter, Spoken

KEPT_S = 0.5  # of audio behind an utterance and in silence: how the next one begins
NEW_TOKENS = 16  # of a pass, and so many a second more: nobody says as much, and loops end
NEW_TOKENS_PER_S = 10


class StreamSession:
    """One stream; it belongs to one thread.

    Bounded: the audio at hand is at most `options.most_s` and a step, the text that of one
    utterance, whatever the length of the stream.
    """

    def __init__(
        self, hearing: Hearing, splitter: Splitter, limits: Limits, options: StreamOptions
    ) -> None:
        """Hear with `hearing`, whose model has the limits.

        Raises OptionError where a window of the model is too short for the options.
        """
        if options.most_s + options.step_s > limits.window_s:
            raise OptionError(
                f"most_s {options.most_s} and step_s {options.step_s} are more than a window of "
                f"the model, {limits.window_s} s; expected them to fit in"
            )
        self._hearing = hearing
        self._splitter = splitter
        self._options = options
        self._most = round(options.most_s * FRAMES_PER_S)
        self._most_tokens = limits.tokens - limits.tokens // 4
        self._kept = round(min(KEPT_S, options.most_s / 2) * FRAMES_PER_S)
        self._step = round(options.step_s * RATE_HZ)
        self._pause = round(options.pause_s * RATE_HZ / BLOCK)
        self._pauses = Pauses()
        self._standing = Standing(splitter.timestamp_begin)
        self._block = np.zeros(BLOCK, np.float32)
        self._filled = 0  # values of the block
        self._heard = 0  # values before the block
        self._forgotten = 0  # mel frames before those at hand
        self._before: tuple[Spoken, ...] = ()  # what the last pass found and is not committed
        self._said: list[str] = []  # words of this utterance
        self._shown = ""
        self._end_s = 0.0  # of the last committed word
        self._over = False

    def push(self, pcm: Pcm) -> Sequence[Event]:
        """Take the next chunk, float32, mono, 16 kHz, shape (n,), and say what is new.

        Raises AudioError for a value that is not finite, TypeError for another array, OptionError
        behind finish(); the chunk is not taken then. Ctrl-C within a pass ends the session.
        """
        self._expect_open()
        _expect_pcm(pcm)
        events: list[Event] = []
        place = 0
        while place < len(pcm):
            some = pcm[place : place + BLOCK - self._filled]
            self._block[self._filled : self._filled + len(some)] = some
            self._filled += len(some)
            place += len(some)
            if self._filled == BLOCK:
                try:
                    events += self._heard_block()
                except BaseException:  # the rest of the chunk is lost, and with it all times behind
                    self._over = True
                    raise
        return events

    def finish(self) -> Sequence[Event]:
        """Say the rest, a Final last, without text where those before it have all."""
        self._expect_open()
        self._over = True
        self._hearing.push(self._block[: self._filled])
        self._heard += self._filled
        self._hearing.end()
        if self._pauses.speech:
            return self._utterance()
        return [Final("", self._heard / RATE_HZ)]

    def _expect_open(self) -> None:
        if self._over:
            raise OptionError("the stream is finished; expected one that is open")

    def _heard_block(self) -> list[Event]:
        """Take a whole block, and make a pass if it is time."""
        self._hearing.push(self._block)
        self._pauses.hear(self._block)
        self._filled = 0
        self._heard += BLOCK
        if self._pauses.speech and self._pauses.quiet >= self._pause:
            return self._utterance()
        if self._heard % self._step:
            return []
        if self._pauses.speech:
            return self._step_on()
        self._forget(max(0, self._hearing.frames() - self._kept))
        return []

    def _step_on(self) -> list[Event]:
        """Make a pass in the middle of an utterance, and commit what stays."""
        found = self._pass(self._options.between_s)
        count = self._sure(found)
        marks = marked(self._before, found.words, count)
        end = found.words[count - 1].end_s * FRAMES_PER_S if count else self._standing.end
        if end < self._hearing.frames() - self._most:  # too little would be left behind by a cut
            count, marks = len(found.words), False
        events = self._commit(found, count, marks)
        self._before = found.words[count:]
        self._make_room()
        rest = " ".join(word.text for word in self._before)
        if rest != self._shown or events:
            events.append(Partial(rest, self._heard / RATE_HZ))
        self._shown = rest
        return events

    def _sure(self, found: Pass) -> int:
        """Return how many words of a pass are committed, by the policy."""
        options = self._options
        end_s = self._hearing.frames() / FRAMES_PER_S
        both = sure(found.words, end_s - options.agreed_s)
        agree = min(both, agreed(self._before, found.words))
        alone = sure(found.words, end_s - options.sure_s)
        return {"agreement": agree, "attention": alone, "both": max(agree, alone)}[options.policy]

    def _utterance(self) -> list[Event]:
        """End an utterance: everything is committed, and the audio forgotten."""
        found = self._pass(self._options.margin_s)
        events = self._commit(found, len(found.words), marks=True)
        if self._said or self._shown or self._over:
            events.append(Final(" ".join(self._said), self._heard / RATE_HZ))
        self._said = []
        self._shown = ""
        self._before = ()
        self._standing.clear()
        self._pauses.reset()
        self._forget(max(0, self._hearing.frames() - self._kept))
        return events

    def _pass(self, margin_s: float) -> Pass:
        """Return what is said in the audio at hand behind the text that stands."""
        length_s = self._hearing.frames() / FRAMES_PER_S
        standing, options = self._standing, self._options
        most = NEW_TOKENS + round(NEW_TOKENS_PER_S * length_s)
        found = self._hearing.decode(standing.tokens, most, round(margin_s / STATE_S))
        silent = (
            found["no_speech_prob"] > options.no_speech_prob
            and found["avg_log_prob"] <= options.avg_log_prob
        )
        tokens = (*standing.tokens, *([] if silent else found["tokens"]))
        stands = len(standing.tokens)
        heard = Heard([0.0] * stands + found["probabilities"], [0] * stands + found["frames"])
        spoken_s = max(0.0, length_s - self._pauses.quiet * BLOCK / RATE_HZ)
        words = self._splitter.words(tokens, heard, stands, spoken_s)
        glued = [word for word in words if word.first < stands < word.behind]
        glue = "".join(self._splitter.told(tokens[stands : word.behind]) for word in glued)
        return Pass(tokens, tuple(w for w in words if w.first >= stands), glue)

    def _commit(self, found: Pass, count: int, marks: bool) -> list[Event]:
        """Let the first words of a pass stand, the last one with its punctuation or without."""
        if self._said and (count or marks):
            self._said[-1] += found.glue
        if count == 0:
            return []
        words = found.words[:count]
        self._standing.commit(found, words[-1], marks)
        texts = [word.text for word in words]
        last = found.tokens[words[-1].first : len(self._standing.tokens)]
        texts[-1] = self._splitter.told(last)
        self._said += texts
        return [Commit(" ".join(texts), self._heard / RATE_HZ, self._timed(words, texts))]

    def _timed(self, words: Sequence[Spoken], texts: Sequence[str]) -> tuple[TimedWord, ...]:
        """Return words with times from the beginning of the stream, none before the last one."""
        begins_s = self._forgotten / FRAMES_PER_S
        timed = []
        for word, text in zip(words, texts, strict=True):
            start_s = max(self._end_s, begins_s + word.start_s)
            self._end_s = max(start_s, begins_s + word.end_s)
            timed.append(TimedWord(start_s, self._end_s, text, word.probability))
        return tuple(timed)

    def _make_room(self) -> None:
        """Cut the audio at a segment's end where it is long, at a word where it is too long."""
        standing, closed = self._standing, self._standing.closed()
        if closed and self._hearing.frames() > self._options.window_s * FRAMES_PER_S:
            self._forget(closed)
            standing.cut()
            self._before = ()
        at_hand = self._hearing.frames()
        if at_hand <= self._most and len(standing.tokens) <= self._most_tokens:
            return
        enough = standing.end >= at_hand - self._most
        self._forget(min(standing.end, at_hand) if enough else max(0, at_hand - self._kept))
        standing.clear()
        self._before = ()

    def _forget(self, frames: int) -> None:
        """Drop the first mel frames at hand."""
        self._hearing.forget(frames)
        self._forgotten += frames


def _expect_pcm(pcm: Pcm) -> None:
    if not isinstance(pcm, np.ndarray) or isinstance(pcm, np.ma.MaskedArray):
        raise TypeError(
            f"pcm is {type(pcm).__name__}; expected a float32 array of shape (n,): "
            "np.ascontiguousarray(x, np.float32)"
        )
    if pcm.dtype != np.float32 or pcm.ndim != 1:
        raise TypeError(
            f"pcm is {pcm.dtype} of shape {pcm.shape}; expected float32 of shape (n,): "
            "np.ascontiguousarray(x, np.float32)"
        )
    finite = np.isfinite(pcm)
    if not finite.all():
        bad = int(np.argmin(finite))
        raise AudioError(f"pcm[{bad}] is {pcm[bad]}; expected a finite value")
