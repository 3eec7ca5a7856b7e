"""Option: how a node is run, apart from what it does."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from agentbench.domain.errors import EditRefused

Isolation = Literal["thread", "process"]
"""Where a firing runs: in the kernel (on its loop or in a thread), or in a process of its own."""

OnError = Literal["fail", "ignore", "stop"]
"""What a failure does that no link handles: fail the run, nothing, or end it at once."""


OPTION_GROUPS: Mapping[str, str] = {
    "instead": "Instead of running",
    "failure": "Time and failure",
    "order": "Order and overlap",
}
"""What the options are about, in the order in which people look for them."""


@dataclass(frozen=True, kw_only=True)
class Option:
    """One setting of a node: `takes` says in words what, `fits` whether a value is that.

    `title`, `group` and `schema` are for the forms in which people set it; `default` is
    what holds when it is not set, as a value of it or in words.
    """

    name: str
    title: str
    group: str
    help: str
    takes: str
    schema: Mapping[str, Any]
    default: Any
    fits: Callable[[Any], bool]


def _is_number(value: Any, *, above: float) -> bool:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_number and above < value < float("inf")


def _is_whole(value: Any, *, least: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= least


def _is_boolean(value: Any) -> bool:
    return isinstance(value, bool)


def _is_pinned(value: Any) -> bool:
    is_mapping = isinstance(value, Mapping) and bool(value)
    return is_mapping and all(isinstance(port, str) for port in value)


OPTIONS: Mapping[str, Option] = {
    option.name: option
    for option in (
        Option(
            name="disabled",
            title="Disabled",
            group="instead",
            schema={"type": "boolean"},
            default=False,
            help="The node does not fire, and gives nothing.",
            takes="true or false",
            fits=_is_boolean,
        ),
        Option(
            name="bypassed",
            title="Bypassed",
            group="instead",
            schema={"type": "boolean"},
            default=False,
            help="The block does not run: what comes in goes out, where the types fit.",
            takes="true or false",
            fits=_is_boolean,
        ),
        Option(
            name="pinned",
            title="Pinned values",
            group="instead",
            schema={"type": "object"},
            default="none",
            help="Sample values by output: given instead of running the block.",
            takes="a dictionary of output names and values",
            fits=_is_pinned,
        ),
        Option(
            name="cache",
            title="Reuse earlier values",
            group="instead",
            schema={"enum": [True, False]},
            default="where that is safe",
            help="Whether a run that reuses may take this node's values from an earlier"
            " run. By default, those of a block that changes nothing and reads nothing.",
            takes="true or false",
            fits=_is_boolean,
        ),
        Option(
            name="breakpoint",
            title="Breakpoint",
            group="order",
            schema={"type": "boolean"},
            default=False,
            help="Every firing is held before it begins, until somebody lets it go on.",
            takes="true or false",
            fits=_is_boolean,
        ),
        Option(
            name="timeout",
            title="Time limit (s)",
            group="failure",
            schema={"type": "number", "exclusiveMinimum": 0},
            default="no limit",
            help="Seconds that one attempt may take.",
            takes="a number above 0",
            fits=lambda value: _is_number(value, above=0),
        ),
        Option(
            name="retries",
            title="Tries again",
            group="failure",
            schema={"type": "integer", "minimum": 0},
            default=0,
            help="How often a failed firing is tried again.",
            takes="a whole number, 0 or more",
            fits=lambda value: _is_whole(value, least=0),
        ),
        Option(
            name="retry_wait",
            title="Wait before a try (s)",
            group="failure",
            schema={"type": "number", "exclusiveMinimum": 0},
            default=1,
            help="Seconds before the first retry; twice as long before each further one,"
            " a minute at most. 1 by default.",
            takes="a number above 0",
            fits=lambda value: _is_number(value, above=0),
        ),
        Option(
            name="on_error",
            title="When it fails",
            group="failure",
            schema={"enum": list(get_args(OnError))},
            default="fail",
            help="What a failure does that no link handles: `fail` the run in the end,"
            " `stop` it at once, or `ignore` it.",
            takes="fail, ignore or stop",
            fits=lambda value: value in get_args(OnError),
        ),
        Option(
            name="isolation",
            title="Where it runs",
            group="failure",
            schema={"enum": list(get_args(Isolation))},
            default="as its block says",
            help="In a `process` of its own, which can be ended whatever it does, or in the"
            " kernel (`thread`).",
            takes="process or thread",
            fits=lambda value: value in get_args(Isolation),
        ),
        Option(
            name="concurrency",
            title="At once",
            group="order",
            schema={"type": "integer", "minimum": 1},
            default="as many as the run allows",
            help="How many firings of this node may overlap.",
            takes="a whole number above 0",
            fits=lambda value: _is_whole(value, least=1),
        ),
        Option(
            name="ordered",
            title="Keep the order",
            group="order",
            schema={"type": "boolean"},
            default=True,
            help="Values leave in the order of the firings, even when a later one is"
            " quicker.",
            takes="true or false",
            fits=_is_boolean,
        ),
        Option(
            name="exclusive",
            title="One at a time, by key",
            group="order",
            schema={"type": "string", "maxLength": 200},
            default="no key",
            help="A key. Of all firings with this key, in every kernel, one runs at a time.",
            takes="a key as text",
            fits=lambda value: isinstance(value, str) and 0 < len(value) <= 200,
        ),
    )
}
"""Every option that a node has, by name, in the order in which people look for them."""


def check_option(name: str, value: Any) -> None:
    """Refuses an option that there is not, and a value that it does not take.

    Raises:
        EditRefused: with what there is, or what it takes.
    """
    if name not in OPTIONS:
        there = ", ".join(OPTIONS)
        raise EditRefused(f"A node has no option {name!r}. It has: {there}.")
    if reason := why_not_option(name, value):
        raise EditRefused(reason)


def why_not_option(name: str, value: Any) -> str:
    """Why an option cannot have that value; empty when it can."""
    option = OPTIONS[name]
    if option.fits(value):
        return ""
    return f"The option {name!r} takes {option.takes}, not {value!r}."
