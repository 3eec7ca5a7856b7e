"""A proxy between a client and a server that can be slow, mute, or cut a line."""

import contextlib
import socket
import ssl
import threading
import time
from pathlib import Path
from types import TracebackType
from urllib.parse import unquote


class Proxy:
    """Stands before a server on a unix socket; `url` is where clients find it instead."""

    def __init__(
        self,
        server: str,
        *,
        path: Path | None = None,
        tls: tuple[Path, Path] | None = None,
    ) -> None:
        self._server = unquote(server.removeprefix("unix://"))
        self.delay = 0.0
        self.replies = 0
        self._cut_at = 0
        self._flowing = threading.Event()
        self._flowing.set()
        self._lines: list[socket.socket] = []
        if path is None:
            self._door = socket.create_server(("127.0.0.1", 0))
            scheme = "rediss" if tls else "redis"
            self.url = f"{scheme}://127.0.0.1:{self._door.getsockname()[1]}"
        else:
            self._door = socket.socket(socket.AF_UNIX)
            self._door.bind(str(path))
            self._door.listen()
            self.url = f"unix://{path}"
        self._tls = tls and ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        if self._tls and tls:
            self._tls.load_cert_chain(*tls)
        self._threads = [threading.Thread(target=self._open_lines, daemon=True)]
        self._threads[0].start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with contextlib.suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._flowing.set()
        self.cut()
        for thread in self._threads:
            thread.join(5)

    def cut_reply(self, number: int) -> None:
        """Cuts the line on which the so-manyth reply from now is to come, before it."""
        self.replies, self._cut_at = 0, number

    def freeze(self) -> None:
        """From now on nothing gets through, and nobody is told."""
        self._flowing.clear()

    def thaw(self) -> None:
        """Lets everything through again, also what was held back."""
        self._flowing.set()

    def cut(self) -> None:
        """Cuts every line."""
        for line in self._lines:
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)

    def _open_lines(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._door.accept()
                if self._tls:
                    client = self._tls.wrap_socket(client, server_side=True)
                self._open_line(client)

    def _open_line(self, client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        try:
            server.connect(self._server)
        except OSError:
            client.close()
            server.close()
            return
        self._lines += [client, server]
        for ends in ((client, server, False), (server, client, True)):
            thread = threading.Thread(target=self._carry, args=ends, daemon=True)
            self._threads.append(thread)
            thread.start()

    def _carry(
        self, source: socket.socket, sink: socket.socket, is_reply: bool
    ) -> None:
        with contextlib.suppress(OSError):
            while words := source.recv(65536):
                self._flowing.wait()
                if is_reply:
                    time.sleep(self.delay)
                    self.replies += 1
                    if self.replies == self._cut_at:
                        break
                sink.sendall(words)
        for line in (source, sink):
            with contextlib.suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)
            if line is source:
                line.close()
