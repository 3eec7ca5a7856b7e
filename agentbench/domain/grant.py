"""Grant: what a person has consented to at a provider, and how its token is renewed."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

EARLY = 300.0
"""Seconds before its end at which a token is renewed: a request may take its time."""

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, kw_only=True)
class Grantor:
    """A provider that grants by OAuth2: its addresses, and its ways.

    `asks` is the page where people consent, `gives` the address that gives and renews
    tokens, `revoke` the one that takes them back (empty where there is none; `{client}`
    stands for the client's id).
    """

    asks: str
    gives: str
    revoke: str = ""
    revokes_by: Literal["token", "bearer", "delete"] = "token"
    """The token in a form (RFC 7009), as the bearer, or in the body of a DELETE (GitHub)."""
    scopes: tuple[str, ...] = ()
    """What is asked for where nobody says what."""
    separator: str = " "
    basic: bool = False
    """Whether the client's secret goes in a header, not among the fields."""
    json: bool = False
    """Whether the fields go as JSON, not as a form."""
    extra: tuple[tuple[str, str], ...] = ()
    """What else the consent page is told."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """A consent: by which provider, to which client, for what.

    `client` is the id that the provider gave to the application, `lifetime` how many
    seconds its tokens live, 0 for ever.
    """

    grantor: Grantor
    client: str
    scopes: tuple[str, ...] = ()
    lifetime: float = 0.0

    @property
    def early(self) -> float:
        """Seconds before its end at which a token is renewed."""
        return min(EARLY, self.lifetime / 4) if self.lifetime else EARLY

    @property
    def revoke(self) -> str:
        """Where tokens are taken back; empty where they cannot be."""
        return self.grantor.revoke.replace("{client}", self.client)

    def why_not(self) -> str:
        """Why nobody can be asked like that, in words; empty when all is well."""
        given = (self.grantor.asks, self.grantor.gives, self.grantor.revoke)
        for url in filter(None, given):  # not repeated: it may be a secret, misplaced
            parts = urlsplit(url)
            is_here = parts.hostname in _LOOPBACK
            if parts.scheme != "https" and not (parts.scheme == "http" and is_here):
                return (
                    "its provider is reached by https:// addresses: secrets go there."
                )
        if not self.grantor.asks or not self.grantor.gives:
            return "say where it is asked for, and where its tokens come from."
        return (
            "" if self.client else "say the id of the client that the provider knows."
        )

    def plain(self) -> dict[str, Any]:
        """As it is written down; it holds no secret."""
        return dataclasses.asdict(self)

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> "Grant":
        """From what was written down.

        Raises:
            TypeError: it is none of ours, or of a newer version.
            KeyError: something is missing.
        """
        inner = dict(facts["grantor"])
        inner["scopes"] = tuple(inner.get("scopes", ()))
        inner["extra"] = tuple((str(k), str(v)) for k, v in inner.get("extra", ()))
        scopes = tuple(facts["scopes"])
        return cls(**{**facts, "grantor": Grantor(**inner), "scopes": scopes})
