"""The wire: what a kernel and its worker say to each other, frame by frame.

A frame is its length (8 bytes, big-endian) and one message in msgpack.
"""

import socket
import struct
import threading
from typing import Any, Generic, TypeVar

import msgspec

MOST_BYTES = 1 << 30
"""Bytes in one frame, at most: a worker must not make the kernel ask for more memory."""

WINDOW = 8
"""Values that a worker may be ahead of whoever takes them."""

PARKED = "parked"
"""The error of an answer that will come another day: the firing ends here."""

_LENGTH = struct.Struct(">Q")
_CHUNK = 1 << 20


class Job(msgspec.Struct, frozen=True, tag="job"):
    """To the worker: run this firing.

    `parcel` holds the block and its inputs; `file` and `text` are the name and the code
    of the cell that its function comes from.
    """

    block: str
    parcel: bytes
    run: str
    node: str
    firing: int
    folder: str
    path: list[str]
    file: str
    text: str
    memory: int | None
    cpu: float | None


class Taken(msgspec.Struct, frozen=True, tag="taken"):
    """To the worker: a value was taken, so one more may come."""


class Cancelled(msgspec.Struct, frozen=True, tag="cancelled"):
    """To the worker: end the firing; it gets a `KeyboardInterrupt`."""


class Answered(msgspec.Struct, frozen=True, tag="answered"):
    """To the worker: the answer to what it asked, by codec, or why there is none."""

    id: int
    codec: str = ""
    data: bytes = b""
    error: str = ""
    message: str = ""


class Begun(msgspec.Struct, frozen=True, tag="begun"):
    """From the worker: it has the job; before this, nothing of it has run."""


class Emitted(msgspec.Struct, frozen=True, tag="emitted"):
    """From the worker: the block gave a value."""

    port: str
    codec: str
    data: bytes


class Printed(msgspec.Struct, frozen=True, tag="printed"):
    """From the worker: the block printed."""

    text: str
    is_error: bool


class Logged(msgspec.Struct, frozen=True, tag="logged"):
    """From the worker: the block has something to say."""

    text: str


class Reached(msgspec.Struct, frozen=True, tag="reached"):
    """From the worker: the block says how far it is."""

    done: float
    total: float
    text: str


class Used(msgspec.Struct, frozen=True, tag="used"):
    """From the worker: the block used something up."""

    tokens: int
    cost: float
    model: str = ""
    seconds: float = 0.0


class Asked(msgspec.Struct, frozen=True, tag="asked"):
    """From the worker: the block calls what only the kernel has.

    `what` is a method's name, the rest its arguments: a dictionary, by codec.
    """

    id: int
    what: str
    codec: str
    data: bytes


class Unsendable(msgspec.Struct, frozen=True, tag="unsendable"):
    """From the worker: a value is of no kind that may come back."""

    port: str
    got: str
    reason: str


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """From the worker: the firing failed."""

    kind: str
    message: str
    traceback: str


class Finished(msgspec.Struct, frozen=True, tag="finished"):
    """From the worker: the firing is over, and it is ready for the next."""


ToWorker = Job | Taken | Cancelled | Answered
FromWorker = (
    Begun
    | Emitted
    | Printed
    | Logged
    | Reached
    | Used
    | Asked
    | Unsendable
    | Raised
    | Finished
)
Heard = TypeVar("Heard")
_encoder = msgspec.msgpack.Encoder()


class Channel(Generic[Heard]):
    """One end of the connection; any thread may send, one receives."""

    def __init__(self, connection: socket.socket, hears: Any) -> None:
        self.connection = connection
        self._decoder: msgspec.msgpack.Decoder[Heard] = msgspec.msgpack.Decoder(hears)
        self._sending = threading.Lock()

    def send(self, message: Any) -> None:
        """Sends a message; waits for the other end to have room.

        Raises:
            OSError: the other end is gone.
            ValueError: the message is larger than a frame may be.
        """
        data = _encoder.encode(message)
        if len(data) > MOST_BYTES:
            raise ValueError(f"it has more than {MOST_BYTES >> 20} MB.")
        with self._sending:
            self.connection.sendall(_LENGTH.pack(len(data)))
            self.connection.sendall(data)

    def receive(self) -> Heard:
        """The next message.

        Raises:
            EOFError: the other end is gone.
            OSError: so it is, and not in peace.
            ValueError: what came is no message.
        """
        (length,) = _LENGTH.unpack(self._exactly(_LENGTH.size))
        if length > MOST_BYTES:
            raise ValueError(f"A frame of {length} bytes is too large.")
        try:
            return self._decoder.decode(self._exactly(length))
        except (msgspec.MsgspecError, RecursionError) as error:
            raise ValueError(f"A frame holds no message: {error}") from error

    def close(self) -> None:
        """Hangs up."""
        self.connection.close()

    def _exactly(self, length: int) -> bytearray:
        # Grows with what really comes: a length alone takes no memory.
        data = bytearray()
        while len(data) < length:
            part = self.connection.recv(min(length - len(data), _CHUNK))
            if not part:
                raise EOFError
            data += part
        return data


def plain(text: str) -> str:
    """Text without what no encoding takes, such as half of a surrogate pair."""
    return text.encode("utf-8", "backslashreplace").decode()
