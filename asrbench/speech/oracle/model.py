"""All that a recognizer knows: the three files of a model, read and fitted to each other."""

from dataclasses import dataclass
from pathlib import Path

from asrbench.errors import ModelError
from asrbench.speech.oracle import config, tokenizer, weights
from asrbench.speech.oracle.config import Config
from asrbench.speech.oracle.tokenizer import Tokenizer
from asrbench.speech.oracle.weights import Dims, Weights


@dataclass(frozen=True, slots=True)
class Model:
    """Weights, settings and vocabulary of one model; may be shared by threads.

    Invariants: the vocabulary names as many tokens as the embeddings have rows; alignment heads
    are heads of the decoder, each once.
    """

    weights: Weights
    config: Config
    tokenizer: Tokenizer

    def __post_init__(self) -> None:
        """Refuse files that belong to different models."""
        if self.tokenizer.size != self.dims.vocabulary:
            raise ModelError(
                f"vocabulary has {self.tokenizer.size} tokens; "
                f"expected {self.dims.vocabulary}, one per row of the embeddings"
            )
        named = self.config.alignment_heads
        for layer, head in named:
            if layer >= self.dims.decoder_layers or head >= self.dims.heads:
                raise ModelError(
                    f"config.json: alignment_heads has {[layer, head]}; expected a layer below "
                    f"{self.dims.decoder_layers} and a head below {self.dims.heads}"
                )
        if len(set(named)) < len(named):
            raise ModelError(f"config.json: alignment_heads are {named}; expected each once")

    @property
    def dims(self) -> Dims:
        """The sizes of the model."""
        return self.weights.dims

    @property
    def alignment_heads(self) -> tuple[tuple[int, int], ...]:
        """The heads that follow the audio, each as its layer and its number in it.

        Where config.json names none they are those of the upper half of the layers. Source:
        OpenAI's whisper, `whisper/model.py`.
        """
        layers = range(self.dims.decoder_layers // 2, self.dims.decoder_layers)
        upper = tuple((layer, head) for layer in layers for head in range(self.dims.heads))
        return self.config.alignment_heads or upper


def read(model_bin: bytes, config_json: bytes, vocabulary: bytes) -> Model:
    """Make a model of the contents of its files; vocabulary is the .txt or the .json one.

    Raises ModelError if one of them is damaged or they do not fit together.
    """
    arrays = weights.read(model_bin)
    settings = config.read(config_json, arrays.dims.vocabulary)
    return Model(arrays, settings, tokenizer.read(vocabulary))


def load(model: Path, config: Path, vocabulary: Path) -> Model:
    """Read a model from its three files. Raises ModelError as `read`, OSError if one is absent."""
    return read(model.read_bytes(), config.read_bytes(), vocabulary.read_bytes())
