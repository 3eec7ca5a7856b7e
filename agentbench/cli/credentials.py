"""`agentbench credentials list|add|connect|test|rotate|delete`: what is secret, by name."""

import argparse
import dataclasses
import getpass
import sys

from agentbench.cli.command import BAD_USAGE, COMPLETED, FAILED, Command, print_json
from agentbench.workbench.credential_line import (
    NAMELESS,
    ON_THE_LINE,
    connected,
    declare_credentials,
)
from agentbench.workbench.credentials import credentials, entry_lines


def _declare(parser: argparse.ArgumentParser) -> None:
    declare_credentials(parser)
    parser.add_argument(
        "--stdin", action="store_true", help="read the secret from standard input"
    )
    parser.add_argument("--json", action="store_true", help="print a JSON list")


def _do(given: argparse.Namespace) -> int:
    if given.more:
        print(f"agentbench: {ON_THE_LINE}", file=sys.stderr)
        return BAD_USAGE
    if given.action not in NAMELESS and not given.name:
        print("agentbench: say the name of the credential", file=sys.stderr)
        return BAD_USAGE
    return _ACTIONS[given.action](given)


def _list(given: argparse.Namespace) -> int:
    entries = credentials.list()
    if given.json:
        print_json([dataclasses.asdict(entry) for entry in entries])
    else:
        print("\n".join(entry_lines(entries)))
    return COMPLETED


def _add(given: argparse.Namespace) -> int:
    entry = credentials.add(
        given.name,
        kind=given.kind,
        hosts=given.host,
        user=given.user,
        header=given.header,
        ask=_read if given.stdin else getpass.getpass,
    )
    print(f"Kept {entry.name!r} in the {entry.place}, for {', '.join(entry.hosts)}.")
    return COMPLETED


def _test(given: argparse.Namespace) -> int:
    trial = credentials.test(given.name, given.url)
    print(trial)
    return FAILED if trial.is_good is False else COMPLETED


def _connect(given: argparse.Namespace) -> int:
    print(connected(given, ask=_read if given.stdin else getpass.getpass))
    return COMPLETED


def _rotate(given: argparse.Namespace) -> int:
    del given
    print(credentials.rotate())
    return COMPLETED


def _delete(given: argparse.Namespace) -> int:
    print(credentials.delete(given.name))
    return COMPLETED


def _read(words: str) -> str:
    del words
    return sys.stdin.readline().rstrip("\r\n")


_ACTIONS = {
    "list": _list,
    "add": _add,
    "connect": _connect,
    "test": _test,
    "rotate": _rotate,
    "delete": _delete,
}
CREDENTIALS = Command(help="keep what is secret", declare=_declare, do=_do)
