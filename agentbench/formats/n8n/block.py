"""The nodes of n8n as blocks of ours; ports are `main_0`, `main_1` … on both sides."""

import contextlib
import inspect
from collections.abc import AsyncIterator, Mapping
from typing import Annotated, Any, ClassVar

import pydantic

from agentbench.domain.block import Block, Emission
from agentbench.domain.context import Context
from agentbench.domain.correspondence import Correspondence
from agentbench.domain.credential import CredentialName
from agentbench.domain.port import Code, Port
from agentbench.domain.registry import BlockRegistry
from agentbench.domain.version import code_version
from agentbench.formats.base import Native, StandIn
from agentbench.formats.n8n.expressions import named_in, others
from agentbench.formats.n8n.others import MODELS, model_of
from agentbench.formats.n8n.work import EFFECTS, TRIGGERS, WORK

OURS = "n8n."
SCRIPT = "n8n.script"
"""Holds the place of a node that is a program, or whose expressions are."""
MOST_OUTPUTS = 32
OF = "of_"
"""How the ports begin at which a node is handed what the others gave that it names."""
MODEL = "ai_languageModel_0"
"""The port at which n8n hands on a model."""


def to_items(value: Any) -> list[dict[str, Any]]:
    """Whatever comes as a list of items."""
    items = value if isinstance(value, list) else [value]
    return [it if isinstance(it, dict) else {"data": it} for it in items]


Items = Annotated[Any, pydantic.AfterValidator(to_items)]


def block_of(
    id: str, blocks: BlockRegistry, rows: Mapping[str, Correspondence]
) -> Block | None:
    """The block of an id that begins with `n8n.`."""
    del rows
    kind = id.removeprefix(OURS)
    if id == SCRIPT:
        why = "It holds JavaScript, or an expression that is a program."
        return StandIn(id, "n8n script", why)
    if kind in TRIGGERS:
        return Trigger(kind)
    if kind in MODELS:
        return Model(kind)
    if kind in WORK:
        return N8nBlock(kind, blocks)
    why = f"There is nothing here yet that does what n8n's {kind!r} does."
    return StandIn(id, f"n8n: {kind.replace('_', ' ')}", why)


class N8nBlock(Block):
    """A kind of node of n8n's."""

    def __init__(self, kind: str, blocks: BlockRegistry) -> None:
        self.id, self.title = OURS + kind, "n8n: " + kind.replace("_", " ")
        self.help = f"n8n's node `{kind}`: it takes a list of items, and gives one."
        self._kind, self._work, self._blocks = kind, WORK[kind], blocks
        self.effects = EFFECTS.get(kind, "pure")
        self.carries_code = kind == "code"

    @property
    def version(self) -> str:
        """A hash over what does the work."""
        return code_version(self._work)

    def inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """Items, and the parameters of the node."""
        parameters = Port(
            name="parameters",
            annotation=dict[str, Any],
            default={},
            help="As n8n has them.",
        )
        more = [parameters]
        if self._kind == "http_request":
            kind = Annotated[str, CredentialName()]
            more.append(Port(name="credential", annotation=kind, default=""))
        if self.carries_code:  # by itself, for whoever is to agree to it
            more.append(Port(name="code", annotation=Code, default=""))
        if self._kind in ("chain_llm", "agent"):
            more.append(Port(name=MODEL, annotation=str, default="", help="The model."))
        count = 1
        if self._kind == "merge":
            named = _parameters(constants).get("numberInputs", 2)
            count = min(MOST_OUTPUTS, named) if isinstance(named, int) else 2
        named = named_in(_parameters(constants))
        return (
            *(Port(name=f"main_{n}", annotation=Items) for n in range(count)),
            *(
                Port(name=f"{OF}{n}", annotation=Items, help=f"What {it!r} gave.")
                for n, it in enumerate(named)
            ),
            *more,
        )

    def outputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """Items: for `if` those for which it holds, and the others."""
        count = {"if": 2, "split_in_batches": 2}.get(self._kind, 1)
        if self._kind == "switch":
            rules = _parameters(constants).get("rules", {})
            rules = rules.get("values") or rules.get("rules") or []
            count = min(MOST_OUTPUTS, max(4, len(rules) + 1))
        return tuple(Port(name=f"main_{n}", annotation=Items) for n in range(count))

    async def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Does what the node does; a way that no item takes gives nothing."""
        parameters = inputs["parameters"]
        named = {it: inputs[f"{OF}{n}"] for n, it in enumerate(named_in(parameters))}
        others.set(named)
        given = {it: inputs[it] for it in inputs if it.startswith(("main_", "ai_"))}
        if inspect.isasyncgenfunction(self._work):
            native = Native(self._blocks, context)
            if self.carries_code:
                parameters = {**parameters, "pythonCode": inputs["code"]}
            stream = self._work(parameters, given, native, inputs.get("credential", ""))
            async with contextlib.aclosing(stream):
                async for number, items in stream:
                    if items:
                        yield Emission(f"main_{number}", items)
            return

        def made() -> list[tuple[int, list[dict[str, Any]]]]:
            others.set(named)  # a thread knows nothing of what is set here
            return list(self._work(parameters, given))

        # In a thread: items beside items are many, and the loop is everybody's.
        for number, items in await context.in_thread(made):
            if items:
                yield Emission(f"main_{number}", items)


class Model(Block):
    """A node that only names a model, for those it is linked to."""

    is_sticky = True

    def __init__(self, kind: str) -> None:
        self.id, self.title = OURS + kind, "n8n: " + kind.replace("_", " ")
        self.help = "Names a model; its credential goes by the provider's name here."
        self._kind = kind

    def inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """The parameters of the node."""
        del constants
        return (Port(name="parameters", annotation=dict[str, Any], default={}),)

    def outputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """The model as `provider:model`."""
        del constants
        return (Port(name=MODEL, annotation=str),)

    async def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Names it."""
        del context
        yield Emission(MODEL, model_of(self._kind, inputs["parameters"]))


class Trigger(Block):
    """What begins a workflow: an input of the agent."""

    role: ClassVar[Any] = "input"

    def __init__(self, kind: str) -> None:
        self.id, self.title = OURS + kind, "n8n: " + kind.replace("_", " ")
        self.help = "What begins the workflow: a run gives the items, or one item."

    def inputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """Its name, the items that are used when a run gives none, and its parameters."""
        del constants
        return (
            Port(name="name", annotation=str),
            Port(name="default", annotation=Any, default=None),
            Port(name="value", annotation=Any, default=None, advanced=True),
            Port(name="parameters", annotation=dict[str, Any], default={}),
        )

    def outputs(self, constants: Mapping[str, Any]) -> tuple[Port, ...]:
        """The items."""
        del constants
        return (Port(name="main_0", annotation=Items),)

    async def run(
        self, inputs: Mapping[str, Any], context: Context
    ) -> AsyncIterator[Emission]:
        """Gives the items."""
        del context
        value = inputs["default"] if inputs["value"] is None else inputs["value"]
        yield Emission("main_0", to_items([] if value is None else value))


def _parameters(constants: Mapping[str, Any]) -> Mapping[str, Any]:
    found = constants.get("parameters")
    return found if isinstance(found, Mapping) else {}
