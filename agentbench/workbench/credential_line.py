"""What people write about credentials on a line, alike after `%agent` and `agentbench`."""

import argparse
from typing import Any

from agentbench.domain.grant import Grantor
from agentbench.workbench.credentials import credentials

ACTIONS = ("list", "add", "connect", "test", "rotate", "delete")
ON_THE_LINE = (
    "a secret is never given on the line, where it stays in the history: you are asked"
    " for it. If you typed one just now, take it out of use. (`--help` shows what is taken.)"
)
NAMELESS = ("list", "rotate")
"""The actions that are about all of them."""


def declare_credentials(parser: argparse.ArgumentParser) -> None:
    """Declares what is done with credentials; a secret is no argument."""
    add = parser.add_argument
    add("action", nargs="?", default="list", choices=ACTIONS)
    add("name", nargs="?", default="", help="what graphs call it, such as `openai`")
    add("more", nargs="*", help=argparse.SUPPRESS)
    _keep_quiet(parser)
    add(
        "--kind",
        default="",
        metavar="KIND",
        help="api-key, user-password, oauth2 or header",
    )
    add(
        "--host",
        action="append",
        default=[],
        metavar="HOST",
        help="where it may be sent to, such as api.example.com; several times",
    )
    add("--user", default="", metavar="USER", help="whose password it is")
    add(
        "--header",
        default="",
        metavar="HEADER",
        help="the header that carries it, where it is not Authorization",
    )
    add("--url", default="", metavar="URL", help="where `test` tries it")
    _declare_connect(parser.add_argument_group("connect, to an OAuth2 provider"))


def connected(given: argparse.Namespace, **more: Any) -> str:
    """Connects the credential that was named, as the line says; in words, what was kept."""
    own = (given.asks_url, given.token_url, given.revoke_url)
    entry = credentials.connect(
        given.name,
        client=given.client,
        scopes=given.scope,
        hosts=given.host,
        grantor=Grantor(asks=own[0], gives=own[1], revoke=own[2]) if any(own) else None,
        port=given.port,
        paste=given.paste,
        redirect=given.redirect,
        **more,
    )
    return f"Connected {entry.name!r}, for {', '.join(entry.hosts)}; kept in the {entry.place}."


def _declare_connect(group: Any) -> None:
    add = group.add_argument
    add("--client", default="", metavar="ID", help="your application's id there")
    add(
        "--scope",
        action="append",
        default=[],
        metavar="SCOPE",
        help="what the token is to be good for; several times",
    )
    add(
        "--port",
        type=int,
        default=0,
        metavar="PORT",
        help="listen there for the answer, where the provider wants to know it before",
    )
    add(
        "--paste",
        action="store_true",
        help="ask for the address the browser ends at, when it runs on another machine",
    )
    add(
        "--redirect",
        default="",
        metavar="URL",
        help="where the provider sends the browser back to; goes with --paste",
    )
    for name, words in (
        ("asks", "the page where people consent"),
        ("token", "the address that gives tokens"),
        ("revoke", "the address that takes them back"),
    ):
        where = f"{words}, of a provider that is not known"
        add(f"--{name}-url", default="", metavar="URL", help=where)


def _keep_quiet(parser: argparse.ArgumentParser) -> None:
    """Has words too many end in `more`: argparse would repeat them, and one may be a secret."""
    read = parser.parse_known_args

    def read_all(args: Any = None, namespace: Any = None) -> Any:
        given, rest = read(args, namespace)
        given.more += rest
        return given, []

    parser.parse_known_args = read_all  # type: ignore[method-assign]
