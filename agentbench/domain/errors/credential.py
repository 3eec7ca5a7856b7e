"""What went wrong with a credential; no message ever holds the secret."""

from collections.abc import Iterable, Sequence

from agentbench.domain.errors.base import AgentbenchError, close_to
from agentbench.domain.errors.outbound import OutboundRefused


class CredentialError(AgentbenchError):
    """Something is wrong with a credential."""


class UnknownCredential(CredentialError):
    """No credential has that name, here."""

    def __init__(self, name: str, known: Iterable[str] = ()) -> None:
        self.name = name
        variable = "AGENTBENCH_CREDENTIAL_" + "".join(
            letter if letter.isalnum() else "_" for letter in name.upper()
        )
        super().__init__(
            f"There is no credential {name!r} here.{close_to(name, known)} Add it with"
            f" `%agent credentials add {name}` (or `agentbench credentials add {name}`),"
            f" which asks for the secret, or set {variable}."
        )


class CredentialInvalid(CredentialError):
    """A credential cannot be kept as it is, or is not of a kind that fits."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(f"The credential {name!r} will not do: {reason}")


class CredentialsUnreadable(CredentialError):
    """Credentials are kept here, but they cannot be read; nothing was changed."""

    def __init__(self, where: str, reason: str) -> None:
        self.where = where
        super().__init__(f"The credentials in {where} cannot be read: {reason}")


class CredentialRefused(CredentialError, OutboundRefused):
    """A secret was on its way to a host that it is not for; nothing was sent."""

    def __init__(self, name: str, where: str, hosts: Sequence[str], reason: str = ""):
        self.name, self.where = name, where
        scope = ", ".join(hosts) or "no host"
        why = reason or (
            f"it is for {scope}. If it belongs there, add it again with that host"
            f" (`%agent credentials add {name} --host {where}`)."
        )
        OutboundRefused.__init__(
            self, f"The credential {name!r} was not sent to {where}: {why}"
        )


class ConsentFailed(CredentialError):
    """Nobody consented, or the provider did not take the consent; nothing was kept."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        super().__init__(f"There is no consent for {name!r}: {reason}")


class ConsentWithdrawn(CredentialError):
    """The provider renews a token no more: the consent behind it is gone."""

    def __init__(self, name: str, where: str, reason: str) -> None:
        self.name, self.where, self.reason = name, where, reason
        super().__init__(
            f"The consent behind the credential {name!r} holds no more: {where} said"
            f" {reason}. It was withdrawn there, or has ended. Ask for it again with"
            f" `%agent credentials connect {name}` (or `agentbench credentials connect"
            f" {name}`)."
        )


class CredentialNotRenewed(CredentialError, ConnectionError):
    """A token has ended, and could not be renewed just now; it is worth trying again."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        ConnectionError.__init__(
            self,
            f"The token of {name!r} has ended and was not renewed: {reason} Try again;"
            f" if that does not help, `%agent credentials connect {name}` asks anew.",
        )
