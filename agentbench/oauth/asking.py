"""Asking: from the page where a person consents to the tokens, in one go."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentbench.domain.credential import Credential, Secret
from agentbench.domain.errors import ConsentFailed
from agentbench.domain.grant import Grant
from agentbench.oauth.consent import Question, answer_in, question
from agentbench.oauth.endpoint import TokenEndpoint
from agentbench.oauth.landing import Landing

Hide = Callable[[str, Secret], None]


@dataclass(frozen=True, kw_only=True)
class Asking:
    """Asks for the consent to one credential: `wanted`, whose own secret is still to come.

    `hide` is told of each secret on its way, so that it is masked wherever it turns up.
    """

    wanted: Credential
    grant: Grant
    endpoint: TokenEndpoint
    hide: Hide

    async def by_landing(
        self, show: Callable[[str], None], *, port: int, patience: float
    ) -> Credential:
        """Shows the page to open, and waits until the browser has come back from it.

        Raises:
            ConsentFailed: nobody came within `patience` seconds, the person or the
                provider said no, or the port is taken.
        """
        name = self.wanted.name
        asked: Question | None = None

        def is_awaited(answer: Mapping[str, str]) -> bool:
            return asked is not None and asked.is_answered_by(answer)

        landing = Landing(is_awaited)
        try:
            async with landing.open(port):
                asked = self.question(landing.redirect)
                show(asked.url)
                async with asyncio.timeout(patience):
                    code = asked.code(await landing.answer())
        except TimeoutError:
            reason = f"nobody consented within {patience:g} s."
            raise ConsentFailed(name, reason) from None
        except OSError as error:
            reason = f"port {port} cannot be listened on ({error.strerror})."
            raise ConsentFailed(name, reason) from None
        return await self._exchanged(asked, code)

    def question(self, redirect: str) -> Question:
        """A new question, whose answer the browser takes to that address."""
        asked = question(self.wanted.name, self.grant, redirect)
        self.hide(asked.name, asked.verifier)
        if self.wanted.client_secret is not None:
            self.hide(asked.name, self.wanted.client_secret)
        return asked

    async def by_hand(self, asked: Question, address: Secret) -> Credential:
        """Takes the address that the browser was sent to, which holds the answer.

        For a kernel on another machine than the browser: the page at that address
        cannot be loaded, but people can copy it.

        Raises:
            ConsentFailed: the person or the provider said no.
        """
        return await self._exchanged(asked, asked.code(answer_in(address.reveal())))

    async def _exchanged(self, asked: Question, code: Secret) -> Credential:
        self.hide(asked.name, code)
        secret = self.wanted.client_secret
        tokens = await self.endpoint.exchanged(asked, code, secret)
        return tokens.put_in(self.wanted)
