"""Consent: what a person is asked at the provider, and what has to come back."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from agentbench.domain.credential import Secret
from agentbench.domain.errors import ConsentFailed
from agentbench.domain.grant import Grant


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question to a person: the page where it is asked, and what proves the answer.

    `state` comes back with the answer, so that nobody else's is taken for it. Only who
    has the `verifier` can turn the code of the answer into a token (PKCE, RFC 7636).
    """

    name: str
    grant: Grant
    redirect: str
    state: Secret
    verifier: Secret

    @property
    def url(self) -> str:
        """The page to open. It holds nothing that is of use to who reads it later."""
        grantor = self.grant.grantor
        digest = hashlib.sha256(self.verifier.reveal().encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self.grant.client,
            "redirect_uri": self.redirect,
            "scope": grantor.separator.join(self.grant.scopes),
            "state": self.state.reveal(),
            "code_challenge": challenge,
            "code_challenge_method": "S256",
            **dict(grantor.extra),
        }
        page = urlsplit(grantor.asks)
        more = urlencode({name: given for name, given in asked.items() if given})
        return urlunsplit(
            page._replace(query="&".join(filter(None, (page.query, more))))
        )

    def is_answered_by(self, answer: Mapping[str, str]) -> bool:
        """Whether an answer is to this question, and not somebody else's."""
        ours, given = self.state.reveal().encode(), answer.get("state", "").encode()
        return hmac.compare_digest(ours, given)

    def code(self, answer: Mapping[str, str]) -> Secret:
        """The code that is worth a token.

        Raises:
            ConsentFailed: the answer is to another question, or no.
        """
        if not self.is_answered_by(answer):
            reason = "the answer is to another question; open the newest address."
            raise ConsentFailed(self.name, reason)
        if "error" in answer:
            said = answer.get("error_description") or answer["error"]
            where = urlsplit(self.grant.grantor.asks).hostname
            raise ConsentFailed(self.name, f"{where} said {said[:200]!r}.")
        if not answer.get("code"):
            raise ConsentFailed(self.name, "the answer has no code in it.")
        return Secret(answer["code"])


def question(name: str, grant: Grant, redirect: str) -> Question:
    """A question that nobody can guess."""
    return Question(
        name=name,
        grant=grant,
        redirect=redirect,
        state=Secret(secrets.token_urlsafe(24)),
        verifier=Secret(secrets.token_urlsafe(48)),
    )


def fields_of(query: str) -> dict[str, str]:
    """What a query says, each name once."""
    return {name: values[0] for name, values in parse_qs(query).items()}


def answer_in(address: str) -> dict[str, str]:
    """What an address says that a browser was sent to, whole or only what is behind `?`."""
    return fields_of(address.strip().rpartition("?")[2].partition("#")[0])
