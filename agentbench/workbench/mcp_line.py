"""What people write about MCP servers on a line, alike after `%agent` and `agentbench`."""

import argparse
from collections.abc import Iterator

from agentbench.mcp_servers.settings import TIMEOUT
from agentbench.workbench.arguments import positive
from agentbench.workbench.mcp import Mcp

MCP_WORDS = ["add", "list", "show", "allow", "accept", "restart", "log", "remove"]
"""The words that may follow `mcp`."""


def declare_mcp(parser: argparse.ArgumentParser) -> None:
    """Declares the words that may follow `mcp`."""
    words = parser.add_subparsers(
        dest="word", metavar="word", required=True, parser_class=type(parser)
    )
    add = words.add_parser("add", help="keep how a server is reached")
    _declare_add(add)
    words.add_parser("list", help="list the servers; none is started for it")
    for word, said in (
        ("show", "start a server, and compare its tools with what you accepted"),
        ("allow", "let a server's command start, and take its tools as blocks"),
        ("accept", "take a server's tools as they are now"),
        ("restart", "end a server and start it again"),
        ("log", "print the end of what a server wrote, in this process"),
        ("remove", "forget a server"),
    ):
        parsed = words.add_parser(word, help=said)
        parsed.add_argument("name", help="the server's name")


def _declare_add(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("name", help="what it is called: the middle of its blocks' ids")
    add(
        "--command",
        dest="start",
        nargs=argparse.REMAINDER,
        default=[],
        metavar="WORD",
        help="what starts it: all that follows; no shell is in between",
    )
    add("--url", default="", help="where it is, when it runs already")
    add(
        "--env",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=VALUE",
        help="a variable for the command; no secret",
    )
    add(
        "--secret",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=CREDENTIAL",
        help="a variable that gets the secret of the credential of that name",
    )
    add(
        "--header",
        action="append",
        default=[],
        type=_pair,
        metavar="NAME=VALUE",
        help="what is sent to the URL; no secret",
    )
    add("--credential", default="", help="the credential that goes to the URL")
    add("--folder", default="", help="where the command is started")
    add(
        "--timeout",
        type=positive,
        default=TIMEOUT,
        metavar="SECONDS",
        help="how long a call may take without a word from the tool",
    )
    add("--allow", action="store_true", help="let the command start, now and later")


def carry_out(mcp: Mcp, given: argparse.Namespace) -> Iterator[str]:
    """Does what the line says; gives what is to be printed."""
    match given.word:
        case "add":
            view = mcp.add(
                given.name,
                command=given.start,
                url=given.url,
                env=dict(given.env),
                credentials=dict(given.secret),
                headers=dict(given.header),
                credential=given.credential,
                folder=given.folder,
                timeout=given.timeout,
                allow=given.allow,
            )
            yield repr(view)
        case "list":
            yield repr(mcp)
        case "show":
            yield repr(mcp.look(given.name))
        case "allow" | "accept" | "restart":
            yield repr(getattr(mcp, given.word)(given.name))
        case "log":
            yield mcp.view(given.name).written or "It wrote nothing here."
        case "remove":
            mcp.remove(given.name)
            yield f"Removed {given.name}."


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise argparse.ArgumentTypeError(f"takes NAME=VALUE, not {text!r}")
    return name, value
