"""Speech as it arrives: sessions of the native recognizer, with words that are never taken back."""

from asrbench.speech.streaming.follow import follow
from asrbench.speech.streaming.options import StreamOptions
from asrbench.speech.streaming.session import StreamSession

__all__ = ["StreamOptions", "StreamSession", "follow"]
