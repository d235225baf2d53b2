"""Recognition events as a service logs them: lines of JSON that depend on the seed alone."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from random import Random

# name, milliseconds of latency, share of all requests up to and including it
_MODELS = (
    ("tiny-en", 18, 0.30),
    ("base-en", 35, 0.55),
    ("small-multi", 90, 0.72),
    ("medium-multi", 240, 0.80),
    ("conformer-s", 55, 0.93),
    ("conformer-l", 160, 1.00),
)
_PLAIN = (
    *("the", "quick", "brown", "fox", "jumps", "over", "lazy", "dog", "please", "call", "tomorrow"),
    *("weather", "is", "going", "to", "be", "sunny", "turn", "off", "lights", "in", "kitchen"),
    *("play", "some", "music", "set", "an", "alarm", "for", "seven", "thirty", "what", "time"),
    *("and/or", "okay"),
)
_ESCAPED = ["naïve", "café", "你好", "\U0001f600", 'say "hi"']  # written with \u and \"
_RAW = ["müde", "straße", "世界"]  # written as UTF-8
_WORDS = (
    [(word, json.dumps(word)[1:-1]) for word in _PLAIN]
    + [(word, json.dumps(word)[1:-1]) for word in _ESCAPED]
    + [(word, word) for word in _RAW]
)
_MOST_WORDS = 40
_ERROR, _TIMEOUT = 0.013, 0.017  # shares, the second with the first in it


def events(seed: int = 0) -> Iterator[bytes]:
    """Yield lines without end, of about 540 bytes with their newlines.

    Fields: ts, level, request_id, host, model, lang, status, audio_s, latency_ms, rtf, text,
    tokens, meta and others; some are null, those of failed requests mostly.
    """
    chance = Random(seed)  # noqa: S311  a corpus, no secret
    at, number = 1_760_000_000.0, 0
    while True:
        at -= 0.02 * math.log(1.0 - chance.random())
        yield _event(chance, at, number).encode()
        number += 1


def _event(chance: Random, at: float, number: int) -> str:
    """Return one event: audio and latency are log-normal, latency grows with audio."""
    pick, kind = chance.random(), chance.random()
    name, base_ms, _ = next(model for model in _MODELS if pick < model[2])
    first, second, bits = chance.random(), chance.random(), chance.getrandbits(190)
    spread = math.sqrt(-2 * math.log(1.0 - first))  # Box and Muller, 1958
    audio_s = math.exp(1.2 + 0.8 * spread * math.cos(2 * math.pi * second))
    latency_ms = base_ms * math.exp(0.35 * spread * math.sin(2 * math.pi * second))
    latency_ms *= 0.4 + 0.2 * audio_s
    failed = kind < _ERROR
    status = "error" if failed else "timeout" if kind < _TIMEOUT else "ok"
    digits = f"{bits:048x}"
    head = (
        f'{{"ts": {at:.6f}, "level": "{"ERROR" if failed else "INFO"}", "request_id": '
        f'"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-{digits[15:19]}-{digits[19:31]}", '
        f'"host": "asr-{bits % 24:02d}.eu-west.example", "model": "{name}", '
        f'"lang": {("null", chr(34) + "en" + chr(34), chr(34) + "de" + chr(34))[bits % 5 % 3]}, '
        f'"status": "{status}", "audio_s": {audio_s:.3f}, '
    )
    if failed:
        body = (
            '"latency_ms": null, "rtf": null, "error": {"code": 503, "message": "decoder '
            '\\"beam\\" overflow\\nretry later", "retryable": true}, "text": null, "tokens": [], '
        )
    else:
        count = min(1 + int(1.6 * audio_s), _MOST_WORDS)
        said = [int(len(_WORDS) * chance.random()) for _ in range(count)]
        body = (
            f'"latency_ms": {latency_ms:.4f}, "rtf": {latency_ms / 1000 / audio_s:.6f}, "text": "'
            f'{" ".join(_WORDS[word][1] for word in said)}", '
            f'"tokens": {[37 * word + 5 for word in said]}, '
        )
    return (
        f'{head}{body}"meta": {{"client": {{"ip": "10.{bits >> 8 & 255}.{bits >> 16 & 255}.'
        f'{bits >> 24 & 255}", "agent": "sdk-py/{bits >> 32 & 3}.{bits >> 34 & 15}"}}, '
        f'"sample_rate": {16000 if bits >> 38 & 1 else 8000}, "channels": 1, "beam": '
        f'{1 + (bits >> 39 & 7)}, "vad": {"true" if bits >> 42 & 1 else "false"}, "trace": '
        f'{"null" if bits >> 43 & 3 else chr(34) + digits[31:41] + chr(34)}, "confidence": '
        f'{pick:.5f}}}, "n": {number}}}\n'
    )
