"""Tries one temperature after another until a text is neither repetitive nor unlikely.

Source: Radford et al., arXiv 2212.04356, section 4.5, decided as faster-whisper decides it.
"""

import zlib
from dataclasses import replace

from asrbench.speech.oracle.beam import beam
from asrbench.speech.oracle.options import Options
from asrbench.speech.oracle.sampling import sampled
from asrbench.speech.oracle.search import Decoded, Window, likeliest


def decode(window: Window, options: Options, seek: int) -> Decoded:
    """Return the text of the window that begins at mel frame `seek`.

    A silent window is not tried again. Where every attempt failed, the likeliest of those that are
    not too repetitive is taken, or the likeliest, with the temperature that was tried last.
    """
    tried = []
    for number, temperature in enumerate(options.temperatures):
        found = _attempt(window, options, temperature, (options.seed, seek, number))
        text = window.model.tokenizer.text(found.tokens).decode(errors="replace").strip()
        ratio = len(text.encode()) / len(zlib.compress(text.encode()))
        found = replace(found, temperature=temperature, compression_ratio=ratio)
        repetitive = options.compression_ratio is not None and ratio > options.compression_ratio
        unlikely = options.avg_log_prob is not None and found.avg_log_prob < options.avg_log_prob
        if not (repetitive or unlikely) or (unlikely and silent(found, options)):
            return found
        tried.append((not repetitive, found.avg_log_prob, -number, found))
    return replace(max(tried, key=lambda t: t[:3])[3], temperature=options.temperatures[-1])


def silent(found: Decoded, options: Options) -> bool:
    """Return whether a window is to be skipped."""
    if options.no_speech_prob is None or found.no_speech_prob <= options.no_speech_prob:
        return False
    return options.avg_log_prob is None or found.avg_log_prob <= options.avg_log_prob


def _attempt(
    window: Window, options: Options, temperature: float, place: tuple[int, int, int]
) -> Decoded:
    if temperature > 0:
        return sampled(window, options.best_of, temperature, options.length_penalty, place)
    if options.beam_size == 1:
        return likeliest(window)
    return beam(window, options.beam_size, options.patience, options.length_penalty)
