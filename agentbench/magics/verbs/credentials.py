"""What is secret: added by prompt, listed by name."""

import argparse
from typing import Any

from IPython.core.error import UsageError
from IPython.core.interactiveshell import InteractiveShell

from agentbench.magics.verb import verb
from agentbench.workbench.credential_line import (
    NAMELESS,
    ON_THE_LINE,
    connected,
    declare_credentials,
)
from agentbench.workbench.credentials import CredentialDesk, credentials


@verb("credentials", declare_credentials)
def credentials_(
    shell: InteractiveShell, given: argparse.Namespace
) -> CredentialDesk | None:
    """Lists credentials; adds, connects, tests or deletes one; `rotate` seals all anew.

    `add NAME` asks for the secret, which is never written on the line: cells and their
    history are kept. `--host` says where it may be sent to. `connect NAME` asks an
    OAuth2 provider, such as `google`, in the browser; its token is renewed by itself.
    """
    if given.more:
        raise UsageError(ON_THE_LINE)
    if given.action == "list":
        return credentials
    if given.action not in NAMELESS and not given.name:
        raise UsageError("say the name of the credential")
    print(_ACTIONS[given.action](given))  # noqa: T201
    return None


def _add(given: Any) -> str:
    entry = credentials.add(
        given.name,
        kind=given.kind,
        hosts=given.host,
        user=given.user,
        header=given.header,
    )
    return f"Kept {entry.name!r} in the {entry.place}, for {', '.join(entry.hosts)}."


_ACTIONS = {
    "add": _add,
    "connect": connected,
    "test": lambda given: str(credentials.test(given.name, given.url)),
    "rotate": lambda _: credentials.rotate(),
    "delete": lambda given: credentials.delete(given.name),
}
