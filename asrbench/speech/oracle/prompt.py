"""What a window's decoding starts from: what was said before, then language and task.

Source: faster-whisper's prompts, which are OpenAI's with hotwords before the text.
"""

from collections.abc import Sequence

import numpy as np

from asrbench.speech.oracle import decoder, kv_cache
from asrbench.speech.oracle.attention import softmax
from asrbench.speech.oracle.decoder import CrossKv
from asrbench.speech.oracle.model import Model


def prompt(
    model: Model, hotwords: Sequence[int], previous: Sequence[int], task: Sequence[int]
) -> list[int]:
    """Return <|startofprev|>, hotwords and the text before, then the task.

    Of the hotwords the first are taken and of the text the last, each up to half of the context,
    and together so many that a quarter of it is left for what is said.
    """
    context = model.dims.text_context
    room = max(0, context - context // 4 - len(task) - 1)
    words = list(hotwords[: min(context // 2 - 1, room)])
    before = min(len(previous), context // 2 - 1, room - len(words))
    told = words + list(previous[len(previous) - before :])
    return [model.tokenizer.start_of_previous, *told, *task] if told else list(task)


def detect_language(model: Model, cross: CrossKv) -> tuple[str, float]:
    """Return the likeliest language of a window, with its probability among all the model's."""
    ids = model.tokenizer
    logits = decoder.step(model.weights, cross, kv_cache.empty(model.dims), [ids.sot])[0]
    shares = softmax(logits[list(ids.languages.values())])
    best = int(np.argmax(shares))
    return list(ids.languages)[best], float(shares[best])
