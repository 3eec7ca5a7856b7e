"""Triggers: what is to start an agent, as data that whoever runs agents may read.

A trigger node does not wait for anything itself. In a run that it started, what came is
its `payload`; in any other run, its sample.
"""

import re
import zoneinfo
from typing import Annotated, Any, Literal

from agentbench.blocks.base import about, block, example

_Payload = Annotated[
    dict[str, Any], about("What came; filled in by what starts the run.", advanced=True)
]
_Constants = Annotated[dict[str, Any], about("Values of your own that go along.")]
_DEFINITION = Annotated[dict[str, Any], about("What is to start the agent, as data.")]
_FIELD = re.compile(r"\*|\d+(-\d+)?(/\d+)?|\*/\d+|[A-Za-z]{3}(-[A-Za-z]{3})?")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


@block(
    id="triggers.webhook",
    title="Webhook trigger",
    keywords=("http", "callback", "event", "start", "incoming", "hook", "listen"),
    effects="reads",
    sticky=True,
    outputs={
        "payload": Annotated[dict[str, Any], about("What came.")],
        "constants": Annotated[dict[str, Any], about("The values of your own.")],
        "definition": _DEFINITION,
    },
    examples=[
        example(
            {"path": "orders", "payload": {"id": 7}, "constants": {"shop": "a"}},
            payload={"id": 7},
            constants={"shop": "a"},
            definition={"kind": "webhook", "path": "orders", "method": "POST", "credential": ""},
        )
    ],
)  # fmt: skip
async def webhook(
    path: Annotated[str, about("The last part of its address.")] = "",
    *,
    method: Annotated[Literal["POST", "GET", "PUT"], about("How it is called.")] = "POST",
    credential: Annotated[str, about("The name of the credential that signs what comes.")] = "",
    payload: _Payload = {},  # noqa: B006 - read, never changed
    constants: _Constants = {},  # noqa: B006
) -> dict[str, Any]:  # fmt: skip
    """Says that a call from outside starts the agent, and gives what it brought."""
    if path and not re.fullmatch(r"[A-Za-z0-9._~-]{1,100}", path):
        raise ValueError(f"'path' {path!r:.60} is no part of an address.")
    facts = {
        "kind": "webhook",
        "path": path,
        "method": method,
        "credential": credential,
    }
    return {"payload": payload, "constants": constants, "definition": facts}


@block(
    id="triggers.schedule",
    title="Schedule trigger",
    keywords=("cron", "timer", "every day", "hourly", "recurring", "start", "calendar"),
    effects="reads",
    sticky=True,
    outputs={
        "payload": Annotated[dict[str, Any], about("The `moment` for which the run is.")],
        "definition": _DEFINITION,
    },
    examples=[
        example(
            {"cron": "0 9 * * mon", "timezone": "Europe/Oslo"},
            definition={"kind": "schedule", "cron": "0 9 * * mon", "timezone": "Europe/Oslo"},
        )
    ],
)  # fmt: skip
async def schedule(
    cron: Annotated[str, about("Minute, hour, day, month, weekday: `0 9 * * mon`.")] = "0 9 * * *",
    timezone: Annotated[str, about("The zone of that hour.")] = "UTC",
    *,
    payload: _Payload = {},  # noqa: B006
) -> dict[str, Any]:  # fmt: skip
    """Says that the agent starts at certain times."""
    _check_cron(cron)
    try:
        zoneinfo.ZoneInfo(timezone)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"There is no time zone {timezone!r}.") from None
    facts = {"kind": "schedule", "cron": cron, "timezone": timezone}
    return {"payload": payload, "definition": facts}


def _check_cron(cron: str) -> None:
    fields = cron.split()
    if len(fields) != len(_RANGES):
        raise ValueError(f"'cron' {cron!r:.60} has {len(fields)} parts, not five.")
    for field, (low, high) in zip(fields, _RANGES, strict=True):
        for part in field.split(","):
            numbers = [int(one) for one in re.findall(r"\d+", part.partition("/")[0])]
            is_known = _FIELD.fullmatch(part) is not None
            if not is_known or not all(low <= one <= high for one in numbers):
                raise ValueError(f"'cron' holds {part!r:.20}, which is out of place.")


@block(
    id="triggers.queue",
    title="Queue trigger",
    keywords=("message", "kafka", "rabbitmq", "sqs", "redis", "subscribe", "event"),
    effects="reads",
    sticky=True,
    outputs={
        "payload": Annotated[dict[str, Any], about("The message that came.")],
        "definition": _DEFINITION,
    },
    examples=[
        example(
            {"queue": "orders", "payload": {"id": 1}},
            payload={"id": 1},
            definition={"kind": "queue", "queue": "orders", "at_once": 1},
        )
    ],
)
async def queue(
    queue: Annotated[str, about("The queue's name.")],
    *,
    at_once: Annotated[int, about("So many runs at a time, at most.")] = 1,
    payload: _Payload = {},  # noqa: B006
) -> dict[str, Any]:
    """Says that a message in a queue starts the agent, and gives that message."""
    if not queue.strip() or at_once < 1:
        raise ValueError("'queue' needs a name, and 'at_once' is 1 or more.")
    facts = {"kind": "queue", "queue": queue, "at_once": at_once}
    return {"payload": payload, "definition": facts}
