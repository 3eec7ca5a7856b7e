"""A mail server for SMTP and one for IMAP, with TLS, as small as the standards let them be."""

import asyncio
import contextlib
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

MESSAGE = b"""From: bob@example.com\r
To: ada@example.com\r
Subject: Hi\r
Date: Wed, 31 Jan 2024 15:30:00 +0000\r
Message-ID: <1@example.com>\r
\r
Hello\r
"""


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate for localhost."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [
        x509.DNSName("localhost"),
        x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    ]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    place = folder / "server.pem"
    place.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return place


class Mail:
    """Both servers, and what was said to them."""

    def __init__(self, pem: Path, *, offers_tls: bool = True) -> None:
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(pem)
        self.said: list[str] = []
        self.offers_tls, self.is_secure = offers_tls, False
        self.answers: dict[str, str] = {}
        self.letters = [MESSAGE]
        self.injected = b""
        """What somebody on the way says behind the answer to STARTTLS."""

    async def smtp(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"220 hello\r\n")
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            self.said.append(f"{'tls ' if self.is_secure else ''}{line}")
            verb = line.split()[0].upper()
            if verb in self.answers:
                writer.write(self.answers[verb].encode() + b"\r\n")
            elif verb == "EHLO":
                more = (
                    b""
                    if self.is_secure or not self.offers_tls
                    else b"250-STARTTLS\r\n"
                )
                writer.write(b"250-localhost\r\n" + more + b"250 AUTH PLAIN\r\n")
            elif verb == "STARTTLS":
                writer.write(b"220 go\r\n" + self.injected)
                await writer.drain()
                await writer.start_tls(self.context)
                self.is_secure = True
            elif verb == "DATA":
                writer.write(b"354 go on\r\n")
                await writer.drain()
                self.said.append((await reader.readuntil(b"\r\n.\r\n")).decode())
                writer.write(b"250 taken\r\n")
            elif verb == "QUIT":
                break
            else:
                writer.write(b"235 in\r\n" if verb == "AUTH" else b"250 fine\r\n")
        writer.close()

    async def imap(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        writer.write(b"* OK hello\r\n")
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            self.said.append(line)
            tag, verb = line.split()[:2]
            if verb in self.answers:
                writer.write(f"{tag} {self.answers[verb]}\r\n".encode())
                continue
            if verb == "SEARCH":
                numbers = " ".join(str(at + 1) for at in range(len(self.letters)))
                writer.write(f"* SEARCH {numbers}\r\n".encode())
            elif verb == "FETCH":
                letter = self.letters[int(line.split()[2]) - 1]
                head = f"* 1 FETCH (BODY[] {{{len(letter)}}}\r\n".encode()
                writer.write(head + letter + b")\r\n")
            writer.write(f"{tag} OK done\r\n".encode())
            if verb == "LOGOUT":
                break
        writer.close()


@contextlib.asynccontextmanager
async def serving(mail: Mail) -> AsyncIterator[tuple[int, int]]:
    """The ports of both servers, as long as they serve."""
    async with (
        await asyncio.start_server(mail.smtp, "127.0.0.1", 0) as smtp,
        await asyncio.start_server(mail.imap, "127.0.0.1", 0, ssl=mail.context) as imap,
    ):
        ports: Any = [server.sockets[0].getsockname()[1] for server in (smtp, imap)]
        yield ports[0], ports[1]
