"""Arguments: what every door lets people say about a run, in the same words."""

import argparse
import contextlib
from typing import Any, get_args

from agentbench.domain.basis import Reuse
from agentbench.domain.replay import ReplayMode
from agentbench.domain.run import Decision, RunOptions, RunStatus
from agentbench.domain.terms import ANSWER, COMMENT
from agentbench.workbench.runs import start_of

VALUED = (
    "--from",
    "--only",
    "--max-seconds",
    "--max-firings",
    "--concurrency",
    "--replay",
    "--recording",
)
"""The flags of a run that are followed by a value."""


def declare_run(parser: argparse.ArgumentParser) -> None:
    """Declares how a run is carried out, and what it takes over from an earlier one."""
    add = parser.add_argument
    add(
        "--reuse",
        action="store_true",
        help="take over from the last run what would come out the same",
    )
    add(
        "--from",
        dest="from_node",
        default="",
        metavar="NODE",
        help="run this node and what follows it; the rest is taken over",
    )
    add(
        "--only",
        action="append",
        default=[],
        metavar="NODE",
        help="run this node alone, on what it needs from the last run; several times",
    )
    add(
        "--max-seconds",
        type=positive,
        metavar="SECONDS",
        help="stop the run when it has taken longer",
    )
    add(
        "--max-firings",
        type=whole_number,
        metavar="N",
        help="stop the run before it fires more often",
    )
    add(
        "--concurrency",
        type=whole_number,
        default=RunOptions.concurrency,
        metavar="N",
        help="how many firings may overlap",
    )
    add(
        "--step",
        action="store_true",
        help="hold every firing before it begins; an answer lets it go on, or one step",
    )
    declare_replay(parser)


def declare_replay(parser: argparse.ArgumentParser) -> None:
    """Declares what becomes of the calls of the outside."""
    parser.add_argument(
        "--replay",
        type=mode,
        metavar="MODE",
        help="what becomes of calls of the web, of models and tools: live makes them,"
        " record keeps them too, replay answers them from the recording, auto makes"
        " those that are not in it",
    )
    parser.add_argument(
        "--recording",
        default="",
        metavar="FOLDER",
        help="the recording; recordings/AGENT beside the agent's file, or here",
    )


def options_of(given: argparse.Namespace) -> RunOptions:
    """How the run is carried out."""
    return RunOptions(
        concurrency=given.concurrency,
        max_seconds=given.max_seconds,
        max_firings=given.max_firings,
        step=given.step,
        replay=given.replay,
        recording=given.recording,
    )


def reuse_of(given: argparse.Namespace) -> Reuse | None:
    """What the run takes over; None for nothing."""
    return Reuse.asked(reuse=given.reuse, from_node=given.from_node, only=given.only)


def declare_filters(parser: argparse.ArgumentParser) -> None:
    """Declares which runs are listed."""
    add = parser.add_argument
    add("--agent", help="only runs of this agent")
    add(
        "--status",
        action="append",
        default=[],
        choices=[str(status) for status in RunStatus],
        metavar="STATUS",
        help="only runs that stand so, as `failed` or `interrupted`; several times",
    )
    add(
        "--since",
        type=point_in_time,
        default=0.0,
        metavar="TIME",
        help="only runs started since: 2026-11-30, or how long ago as 7d, 12h, 30m",
    )
    add(
        "--text",
        default="",
        metavar="WORDS",
        help="only runs in whose id, agent or inputs these words are",
    )
    add("--limit", type=int, default=20, help="how many at the most")


def filters_of(given: argparse.Namespace) -> dict[str, Any]:
    """Which runs are listed, as `runs` takes it."""
    return {
        "agent": given.agent,
        "status": given.status,
        "since": given.since,
        "text": given.text,
        "limit": given.limit,
    }


def declare_decisions(parser: argparse.ArgumentParser) -> None:
    """Declares what became of firings that were cut off while they were sending."""
    for decision, words in (
        ("again", "what this node was sending when it was cut off is sent again"),
        ("done", "what this node was sending counts as sent"),
        ("failed", "what this node was sending counts as failed"),
    ):
        parser.add_argument(
            f"--{decision}", action="append", default=[], metavar="NODE", help=words
        )


def decisions_of(given: argparse.Namespace) -> dict[str, Decision]:
    """The decisions, by node."""
    return {
        node: decision
        for decision in get_args(Decision)
        for node in getattr(given, decision)
    }


def point_in_time(text: str) -> float:
    """Seconds since 1970.

    Raises:
        argparse.ArgumentTypeError: it is no time.
    """
    try:
        return start_of(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def declare_answer(parser: argparse.ArgumentParser) -> None:
    """Declares what goes along with an answer."""
    parser.add_argument(
        "--firing", type=int, metavar="N", help="which of its firings; the oldest"
    )
    parser.add_argument(
        "--comment", metavar="TEXT", help="a word to it, where the question takes one"
    )


def answer_of(given: argparse.Namespace, said: Any) -> Any:
    """The answer, with the comment that goes along."""
    return said if given.comment is None else {ANSWER: said, COMMENT: given.comment}


def mode(text: str) -> ReplayMode:
    """A mode of replay.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    try:
        return ReplayMode.named(text)
    except ValueError:
        message = f"takes {', '.join(ReplayMode)}, not {text!r}"
        raise argparse.ArgumentTypeError(message) from None


def whole_number(text: str) -> int:
    """A whole number above 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    if text.isdecimal() and int(text) > 0:
        return int(text)
    raise argparse.ArgumentTypeError(f"takes a whole number above 0, not {text!r}")


def positive(text: str) -> float:
    """A number above 0.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    with contextlib.suppress(ValueError):
        if 0 < float(text) < float("inf"):
            return float(text)
    raise argparse.ArgumentTypeError(f"takes a number above 0, not {text!r}")
