"""A tool that asks a person in the middle of a call: the run waits for the answer.

The protocol (2026-07-28) has a server answer a call with what it wants to know; the call
is made again with the answers. So nothing is held while somebody thinks about it. Older
servers ask while the call goes on, which a run that waits for days cannot hold open:
they are told that nobody answers.
"""

from collections.abc import Mapping
from typing import Any

from agentbench.domain.context import Context
from agentbench.domain.errors import ToolFailed

MOST_ROUNDS = 10
"""So often a server may ask in one call."""


async def called_with_answers(
    client: Any,
    server: str,
    tool: str,
    arguments: Mapping[str, Any],
    *,
    context: Context,
    progress: Any,
) -> Any:
    """What a tool gave, once it was told all that it asked for.

    Raises:
        ToolFailed: it asks for something that is not given, or asks without end.
    """
    from mcp.types import InputRequiredResult

    answers: dict[str, Any] | None = None
    state: str | None = None
    for _ in range(MOST_ROUNDS):
        given = await client.session.call_tool(
            tool,
            dict(arguments),
            progress_callback=progress,
            input_responses=answers,
            request_state=state,
            allow_input_required=True,
        )
        if not isinstance(given, InputRequiredResult):
            return given
        wanted = given.input_requests or {}
        answers = {
            key: await _answer(server, tool, wanted[key], context)
            for key in sorted(wanted)
        }
        state = given.request_state
    raise ToolFailed(server, tool, f"asked more than {MOST_ROUNDS} times.")


async def _answer(server: str, tool: str, wanted: Any, context: Context) -> Any:
    from mcp.types import ElicitRequest, ElicitRequestFormParams, ElicitResult

    is_form = isinstance(wanted, ElicitRequest) and isinstance(
        wanted.params, ElicitRequestFormParams
    )
    if not is_form:
        said = f"asks for {wanted.method!r}, which is not given to servers."
        raise ToolFailed(server, tool, said)
    # The person has to know who asks: what is told goes to that server.
    question = f"{server} asks: {wanted.params.message}"
    schema = _plain(wanted.params.requested_schema)
    content = await context.ask(question, schema=schema)
    return ElicitResult(action="accept", content=content)


def _plain(schema: Any) -> dict[str, Any]:
    if isinstance(schema, Mapping):
        return dict(schema)
    given: dict[str, Any] = schema.model_dump(by_alias=True, exclude_none=True)
    return given


async def nobody(context: Any, params: Any) -> Any:
    """What a server is told that asks while a call goes on."""
    from mcp.types import ElicitResult

    return ElicitResult(action="cancel")
