"""Bearing: how a secret gets into a request, and to whom it may go."""

import asyncio
import base64
import re
from urllib.parse import unquote_to_bytes, urlsplit

from agentbench.domain.credential import Credential, Credentials, placeholder
from agentbench.domain.errors import CredentialInvalid, CredentialRefused
from agentbench.domain.outbound import Headers, Request
from agentbench.domain.redaction import Redaction
from agentbench.network.policy import Policy

_AUTHORIZATION = "authorization"
_UNWRITABLE = re.compile(r"[\x00\r\n]")
_PORTS = {"http": 80, "https": 443}


class Bearing:
    """Puts secrets into requests, and keeps them from going where they are not for."""

    def __init__(
        self, policy: Policy, credentials: Credentials | None, redaction: Redaction
    ) -> None:
        self._policy, self._credentials = policy, credentials
        self._redaction = redaction

    async def borne(self, request: Request) -> Headers:
        """The headers of a request, with the secret of its credential among them.

        Raises:
            UnknownCredential: there is no such credential.
            CredentialRefused: it is not for that host, or would go there in the open.
            CredentialInvalid: no header can carry it.
        """
        credential = None
        if request.credential:
            credential = await self._credential(request.credential)
            self._check(credential, request)
        for other in self._redaction.borne_by(_texts(request)):
            self._check(other, request)
        if credential is None:
            return request.headers
        is_coded = credential.kind == "user_password"
        if not is_coded and _UNWRITABLE.search(credential.secret.reveal()):
            reason = (
                "it has a line break in it, or another character that no header takes."
            )
            raise CredentialInvalid(credential.name, reason)
        return _placed(request.headers, credential)

    async def _credential(self, name: str) -> Credential:
        if self._credentials is None:
            raise CredentialRefused(
                name, "anywhere", (), "no credentials are kept here."
            )
        credential = await asyncio.to_thread(self._credentials.get, name)
        self._redaction.add(credential)
        return credential

    def _check(self, credential: Credential, request: Request) -> None:
        url = urlsplit(request.url)
        host, port = url.hostname or "", url.port or _PORTS.get(url.scheme, 0)
        where = f"[{host}]" if ":" in host else host
        if url.port:
            where += f":{url.port}"
        if not credential.is_for(host, port):
            raise CredentialRefused(credential.name, where, credential.hosts)
        if url.scheme != "https" and not self._policy.is_allowed(host, port):
            reason = (
                "http:// would send it in the open. Use https://, or, where you trust"
                f" the way there, allow the host with AGENTBENCH_ALLOWED_HOSTS={where}."
            )
            raise CredentialRefused(credential.name, where, credential.hosts, reason)


def _texts(request: Request) -> list[str | bytes]:
    """Everything in a request that may hold a secret which nobody named."""
    texts: list[str | bytes] = [request.url, unquote_to_bytes(request.url)]
    return [*texts, request.body, *(value for _, value in request.headers)]


def _placed(headers: Headers, credential: Credential) -> Headers:
    """The headers with the secret where its placeholder stands, or where its kind says."""
    mark = placeholder(credential.name)
    secret = credential.secret.reveal()
    if any(mark in value for _, value in headers):
        return tuple((name, value.replace(mark, secret)) for name, value in headers)
    carrier = credential.header.lower() or _AUTHORIZATION
    value = secret
    if credential.kind == "user_password":
        pair = f"{credential.user}:{secret}".encode()
        value = f"Basic {base64.b64encode(pair).decode()}"
    elif carrier == _AUTHORIZATION and credential.kind != "header":
        value = f"Bearer {secret}"
    return (*((n, v) for n, v in headers if n != carrier), (carrier, value))
