"""`agentbench credentials list|add|test|delete`: what is secret, by name."""

import argparse
import getpass
import sys

from agentbench.cli.command import BAD_USAGE, COMPLETED, FAILED, Command, print_json
from agentbench.workbench.arguments import ON_THE_LINE, declare_credentials
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
    if given.action != "list" and not given.name:
        print("agentbench: say the name of the credential", file=sys.stderr)
        return BAD_USAGE
    return _ACTIONS[given.action](given)


def _list(given: argparse.Namespace) -> int:
    entries = credentials.list()
    if given.json:
        print_json([{**vars(entry), "hosts": list(entry.hosts)} for entry in entries])
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


def _delete(given: argparse.Namespace) -> int:
    credentials.delete(given.name)
    print(f"Forgot {given.name!r}.")
    return COMPLETED


def _read(words: str) -> str:
    del words
    return sys.stdin.readline().rstrip("\r\n")


_ACTIONS = {"list": _list, "add": _add, "test": _test, "delete": _delete}
CREDENTIALS = Command(help="keep what is secret", declare=_declare, do=_do)
