"""Lines: a conversation with a mail server, line by line, with TLS before any password."""

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from typing import Literal

from agentbench.domain.context import Context

Security = Literal["auto", "tls", "starttls"]
LONGEST_LINE = 100_000
MOST_BYTES = 50_000_000
"""So much one answer may hold, in all."""


class MailRefused(ConnectionError):
    """The mail server did not do what it was asked."""


class Lines:
    """One connection to a mail server."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, timeout: float
    ) -> None:
        self._reader, self._writer, self._timeout = reader, writer, timeout

    async def say(self, line: str) -> None:
        """Sends a line. It must hold no new line: that would be a command more."""
        if any(sign in line for sign in "\r\n\0"):
            raise ValueError("A line for the mail server holds a new line.")
        await self.send(line.encode("utf-8") + b"\r\n")

    async def send(self, data: bytes) -> None:
        """Sends bytes as they are."""
        self._writer.write(data)
        async with asyncio.timeout(self._timeout):
            await self._writer.drain()

    async def line(self) -> bytes:
        """The next line, without its end."""
        try:
            async with asyncio.timeout(self._timeout):
                found = await self._reader.readline()
        except (ValueError, asyncio.LimitOverrunError) as error:
            raise MailRefused("The mail server sent a line without an end.") from error
        except TimeoutError:
            raise MailRefused(
                f"The mail server said nothing for {self._timeout:g} s."
            ) from None
        if not found:
            raise MailRefused("The mail server hung up.")
        return found.rstrip(b"\r\n")

    async def block(self, size: int) -> bytes:
        """So many bytes."""
        if size > MOST_BYTES:
            raise MailRefused(f"A message has {size} bytes; {MOST_BYTES} is the most.")
        try:
            async with asyncio.timeout(self._timeout * 4):
                return await self._reader.readexactly(size)
        except (asyncio.IncompleteReadError, TimeoutError) as error:
            raise MailRefused("The mail server hung up in a message.") from error

    async def secure(self, host: str) -> None:
        """Goes on in TLS, with the server's certificate checked.

        Raises:
            MailRefused: it cannot be trusted, or somebody spoke before.
        """
        if not await self._is_silent():
            raise MailRefused(f"{host} spoke in the open where TLS was to begin.")
        context = await asyncio.to_thread(ssl.create_default_context)
        try:
            async with asyncio.timeout(self._timeout):
                await self._writer.start_tls(context, server_hostname=host)
        except ssl.SSLError as error:
            raise MailRefused(
                f"{host} cannot be trusted: {error.reason or error}."
            ) from error

    async def _is_silent(self) -> bool:
        """Whether nothing has come that nobody has read.

        What comes in the open, and is read after TLS has begun, would be taken for what
        the server says: answers that anybody on the way can give.
        """
        try:
            async with asyncio.timeout(0):
                return not await self._reader.read(1)
        except TimeoutError:
            return True


@contextlib.asynccontextmanager
async def connected(
    context: Context, host: str, port: int, *, tls: bool, timeout: float
) -> AsyncIterator[Lines]:
    """A connection to a mail server, made by the door."""
    if not host.strip():
        raise ValueError("'host' is empty: say which mail server.")
    try:
        reader, writer = await context.outbound.connect(
            host, port, tls=tls, timeout=timeout
        )
    except ssl.SSLError as error:
        raise MailRefused(
            f"{host}:{port} speaks no TLS that can be trusted: {error.reason or error}."
        ) from error
    try:
        yield Lines(reader, writer, timeout)
    finally:
        writer.close()
        with contextlib.suppress(OSError, TimeoutError, ssl.SSLError):
            async with asyncio.timeout(2):
                await writer.wait_closed()
