"""Text that a model is told beforehand, as the token ids of its tokenizer.json."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from asrbench.errors import ModelError, OptionError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

EXTRA = 'pip install "asrbench-perf[prompt]"'


class Prompter:
    """Turns text into ids; tokenizer.json is read when first asked for. Any thread may ask."""

    def __init__(self, tokenizer: Path | None, folder: Path, end_of_text: int) -> None:
        """Remember where the file is; ids below `end_of_text` are text."""
        self._path = tokenizer
        self._folder = folder
        self._end_of_text = end_of_text
        self._tokenizer: Tokenizer | None = None

    def ids(self, name: str, text: str | None) -> list[int]:
        """Return the ids of " text", as it stands in a sentence; of None or blanks, none.

        Raises OptionError if it holds a special token such as <|endoftext|> or `tokenizers` is not
        installed, ModelError where the model has no tokenizer.json or it is damaged. `name` is what
        an error calls it.
        """
        if text is None or not text.strip():
            return []
        if self._tokenizer is None:
            self._tokenizer = self._read(name)
        ids: list[int] = self._tokenizer.encode(" " + text.strip(), add_special_tokens=False).ids
        special = [token for token in ids if token >= self._end_of_text]
        if special:
            raise OptionError(
                f"{name} holds the special token {self._tokenizer.id_to_token(special[0])}; "
                "expected text alone"
            )
        return ids

    def _read(self, name: str) -> Tokenizer:
        try:
            from tokenizers import Tokenizer
        except ModuleNotFoundError as error:
            raise OptionError(
                f"{name} needs {error.name}, which is not installed: {EXTRA}"
            ) from error
        if self._path is None:
            raise ModelError(f"{self._folder} has no tokenizer.json; {name} needs it")
        contents = self._path.read_bytes()
        try:
            return Tokenizer.from_buffer(contents)
        except Exception as error:  # the very class that it raises of a damaged file
            raise ModelError(f"{self._path} is no tokenizer: {error}") from error
