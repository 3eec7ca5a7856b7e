"""The token endpoint: what a provider is asked for tokens, and what it says."""

import base64
import json
import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import (
    ConsentFailed,
    ConsentWithdrawn,
    CredentialNotRenewed,
)
from agentbench.domain.grant import Grant
from agentbench.domain.outbound import Outbound, Response
from agentbench.oauth.consent import Question

PATIENCE = 20.0
"""Seconds that a provider has to answer."""
MOST = 200_000
"""Bytes of an answer, at most."""
_LATER = {"temporarily_unavailable", "server_error", "slow_down", "ratelimited"}
"""What is no answer for good (RFC 6749 and what providers say)."""

Fields = Mapping[str, "str | Secret | None"]


@dataclass(frozen=True, kw_only=True)
class Tokens:
    """What a provider gave. `lifetime` is in seconds, 0 for ever."""

    access: Secret
    refresh: Secret | None
    lifetime: float

    def put_in(self, credential: Credential) -> Credential:
        """The credential with these tokens; a refresh token that was not replaced stays."""
        grant = credential.grant
        return replace(
            credential,
            secret=self.access,
            refresh=self.refresh or credential.refresh,
            expires=time.time() + self.lifetime if self.lifetime else None,
            grant=grant and replace(grant, lifetime=self.lifetime),
        )


@dataclass(frozen=True, kw_only=True)
class _Refusal:
    """Why there are no tokens; `is_final` where asking again would not help."""

    reason: str
    is_final: bool


class TokenEndpoint:
    """Asks providers for tokens. No secret is in what it raises, nor in its frames."""

    def __init__(self, door: Outbound, mask: Callable[[str], str]) -> None:
        """`door` masks nothing that comes back; `mask` masks what is said of it."""
        self._door, self._mask = door, mask

    async def exchanged(
        self, asked: Question, code: Secret, client_secret: Secret | None
    ) -> Tokens:
        """The tokens for the code of a consent.

        Raises:
            ConsentFailed: the provider gave none.
        """
        fields: Fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": asked.redirect,
            "code_verifier": asked.verifier,
        }
        told = await self._told(asked.grant, client_secret, fields)
        if isinstance(told, _Refusal):
            raise ConsentFailed(asked.name, told.reason)
        return told

    async def renewed(self, credential: Credential) -> Tokens:
        """New tokens for a credential, by its refresh token, which may end by that.

        Raises:
            ConsentWithdrawn: it is taken no more.
            CredentialNotRenewed: there was no answer, or none for good.
        """
        grant = _grant(credential)
        fields = {"grant_type": "refresh_token", "refresh_token": credential.refresh}
        told = await self._told(grant, credential.client_secret, fields)
        if not isinstance(told, _Refusal):
            return told
        if told.is_final:
            raise ConsentWithdrawn(credential.name, _host(grant), told.reason)
        raise CredentialNotRenewed(credential.name, f"{told.reason}.")

    async def revoked(self, credential: Credential) -> str:
        """Takes the tokens of a credential back; says why that did not work, if it did not."""
        grant = _grant(credential)
        token = credential.refresh or credential.secret
        client = credential.client_secret
        fields: Fields = {"token": token}
        kind, method, bearer = "form", "POST", None
        if grant.grantor.revokes_by == "bearer":
            fields, bearer = {}, credential.secret
        elif grant.grantor.revokes_by == "delete":
            method, kind = "DELETE", "json"
            fields = {"access_token": credential.secret}
        else:
            kind = "json" if grant.grantor.json else "form"
            fields = {**fields, **_client_fields(grant, client)}
        has_basic = grant.grantor.basic or grant.grantor.revokes_by == "delete"
        try:
            status, told = _read(
                await self._door.request(
                    method,
                    grant.revoke,
                    headers=_headers(kind, grant.client if has_basic else "", client)
                    | (
                        {"authorization": f"Bearer {bearer.reveal()}"} if bearer else {}
                    ),
                    body=_body(kind, fields),
                    timeout=PATIENCE,
                    max_bytes=MOST,
                )
            )
        except ConnectionError as error:
            return self._mask(str(error))
        said = _error(told)
        is_gone = 200 <= status < 300 and (not said or said == "token_revoked")
        return (
            ""
            if is_gone
            else self._mask(f"{_place(grant.revoke)} said {said or status}")
        )

    async def _told(
        self, grant: Grant, client: Secret | None, fields: Fields
    ) -> Tokens | _Refusal:
        kind = "json" if grant.grantor.json else "form"
        basic = grant.client if grant.grantor.basic and client else ""
        try:
            status, told = _read(
                await self._door.request(
                    "POST",
                    grant.grantor.gives,
                    headers=_headers(kind, basic, client),
                    body=_body(kind, {**fields, **_client_fields(grant, client)}),
                    timeout=PATIENCE,
                    max_bytes=MOST,
                )
            )
        except ConnectionError as error:
            return _Refusal(reason=self._mask(str(error).rstrip(".")), is_final=False)
        said = _error(told)
        tokens = None if said or status >= 400 else _tokens(told)
        if tokens is not None:
            return tokens
        code = str(told["error"].reveal()) if "error" in told else ""
        is_final = bool(code) and code not in _LATER and status < 500 and status != 429
        reason = f"{said!r}" if said else f"nothing that is a token ({status})"
        if not is_final:
            reason = f"{_place(grant.grantor.gives)} said {reason}"
        return _Refusal(reason=self._mask(reason), is_final=is_final)


def _grant(credential: Credential) -> Grant:
    if credential.grant is None:
        raise CredentialNotRenewed(credential.name, "nobody knows where it came from.")
    return credential.grant


def _client_fields(grant: Grant, client: Secret | None) -> Fields:
    """Who asks; where there is no secret, the id alone says it."""
    if grant.grantor.basic and client:
        return {}
    return {"client_id": grant.client, "client_secret": client}


def _headers(kind: str, basic: str, client: Secret | None) -> dict[str, str]:
    named = (
        "application/json" if kind == "json" else "application/x-www-form-urlencoded"
    )
    headers = {"accept": "application/json", "content-type": named}
    if basic and client:
        pair = f"{quote(basic, safe='')}:{quote(client.reveal(), safe='')}".encode()
        headers["authorization"] = f"Basic {base64.b64encode(pair).decode()}"
    return headers


def _body(kind: str, fields: Fields) -> str:
    given = {
        name: value.reveal() if isinstance(value, Secret) else value
        for name, value in fields.items()
        if value
    }
    return json.dumps(given) if kind == "json" else urlencode(given)


def _read(answer: Response) -> tuple[int, dict[str, Secret]]:
    """The status and the fields of an answer, each kept from whoever looks at frames."""
    try:
        told: Any = json.loads(answer.content)
    except ValueError:  # GitHub and older ones answer as a form
        told = {name: given[0] for name, given in parse_qs(answer.text).items()}
    fields = told if isinstance(told, dict) else {}
    return answer.status, {
        str(name): Secret(str(value))
        for name, value in fields.items()
        if isinstance(value, (str, int, float)) and not isinstance(value, bool)
    }


def _error(told: Mapping[str, Secret]) -> str:
    """What a provider says is wrong, in its words; empty when nothing is."""
    error = told.get("error")
    if not error:
        return ""
    more = told.get("error_description", Secret(""))
    said = f"{error.reveal()}: {more.reveal()}" if more else error.reveal()
    return "".join(c for c in said[:200] if c.isprintable())


def _tokens(told: Mapping[str, Secret]) -> Tokens | None:
    access = told.get("access_token")
    if not access:
        return None
    return Tokens(
        access=access,
        refresh=told.get("refresh_token") or None,
        lifetime=_seconds(told.get("expires_in", Secret("0")).reveal()),
    )


def _seconds(given: str) -> float:
    """How long a token lives; what is no number, or none that can be, is for ever."""
    try:
        seconds = float(given)
    except ValueError:
        return 0.0
    return seconds if math.isfinite(seconds) and seconds > 0 else 0.0


def _host(grant: Grant) -> str:
    return urlsplit(grant.grantor.gives).hostname or ""


def _place(url: str) -> str:
    return urlsplit(url).hostname or ""
