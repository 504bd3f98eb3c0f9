"""Messages on a pipe: each is a 4-byte little-endian length and that many bytes of msgpack."""

import struct
from collections.abc import Iterator
from typing import Generic, TypeVar

import msgspec

LENGTH = struct.Struct("<I")
LARGEST_MESSAGE = 2**31

C = TypeVar("C")
R = TypeVar("R")


class Wire(Generic[C, R]):
    """What goes to a process and what comes back, as bytes."""

    def __init__(self, commands: object, reports: object) -> None:
        """`commands` is the type C of what goes there, maybe a union; `reports` that R of answers.

        No more than these can be read, whoever writes.
        """
        self._encoder = msgspec.msgpack.Encoder()
        self._commands: msgspec.msgpack.Decoder[C] = msgspec.msgpack.Decoder(commands)
        self._reports: msgspec.msgpack.Decoder[R] = msgspec.msgpack.Decoder(reports)

    def pack(self, message: C | R) -> bytes:
        """`message` as it goes over the pipe, length first."""
        body = self._encoder.encode(message)
        return LENGTH.pack(len(body)) + body

    def unpack_command(self, body: bytes) -> C:
        """The command in `body`; raises `msgspec.ValidationError` on anything else."""
        return self._commands.decode(body)

    def unpack_report(self, body: bytes) -> R:
        """The report in `body`; raises `msgspec.ValidationError` on anything else."""
        return self._reports.decode(body)


class MessageSplitter:
    """Cuts a stream of bytes, fed as it comes, into message bodies."""

    def __init__(self) -> None:
        self._pending = bytearray()

    def feed(self, data: bytes | bytearray | memoryview) -> Iterator[bytes]:
        """Yield each body that `data` completes; raises `ValueError` on an absurd length."""
        self._pending += data
        while len(self._pending) >= LENGTH.size:
            (length,) = LENGTH.unpack_from(self._pending)
            if length > LARGEST_MESSAGE:
                raise ValueError(length)
            end = LENGTH.size + length
            if len(self._pending) < end:
                return
            body = bytes(self._pending[LENGTH.size : end])
            del self._pending[:end]
            yield body
