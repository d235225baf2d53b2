"""Lines of JSON between the gate and one of its sides."""

from __future__ import annotations

import json
import socket
from typing import Any


class GoneError(Exception):
    """Nobody is at the other end any more."""


class Wire:
    """A socket that sends and receives JSON values, a line each."""

    def __init__(self, connection: socket.socket) -> None:
        """Use a connected socket; it is closed with the Wire."""
        self._connection = connection
        self._come = b""  # what has come and is not received yet, which select knows nothing of

    @property
    def holds(self) -> bool:
        """Whether the next value is here already."""
        return b"\n" in self._come

    def send(self, value: Any) -> None:
        """Send a value. Raises GoneError where nobody listens any more."""
        try:
            self._connection.sendall(json.dumps(value).encode() + b"\n")
        except OSError as error:
            raise GoneError(str(error)) from error

    def receive(self) -> Any:
        """Return the next value. Raises GoneError where none will come."""
        while not self.holds:
            try:
                more = self._connection.recv(65536)
            except OSError as error:
                raise GoneError(str(error)) from error
            if not more:
                raise GoneError("the other end is closed")
            self._come += more
        line, _, self._come = self._come.partition(b"\n")
        return json.loads(line)

    def close(self) -> None:
        """Hang up."""
        self._connection.close()
