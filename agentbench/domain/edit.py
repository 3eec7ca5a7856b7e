"""Edits: the small steps by which a graph changes, from the canvas and from Python alike.

An edit is data: it can be sent, kept and undone. `Graph.apply` is the only place
that carries one out; it returns the edits that undo it.
"""

from typing import Annotated, Any, Literal, Self

import pydantic


class _Edit(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid")
    _kept: Any = pydantic.PrivateAttr(None)

    @property
    def kept(self) -> Any:
        """What an edit that undoes another puts back as it was; None for any other edit.

        It is not asked again whether it fits: an input may be gone since. It does not
        travel: an edit that was sent and comes back is looked at like any other.
        """
        return self._kept

    def keeping(self, kept: Any) -> Self:
        """This edit, to put `kept` back."""
        self._kept = kept
        return self


class AddNode(_Edit):
    """Places a block. Without an `id` the graph finds one; it never reuses a taken one."""

    edit: Literal["add_node"] = "add_node"
    block: str
    id: str | None = None
    title: str = ""
    constants: dict[str, Any] = pydantic.Field(default_factory=dict)
    options: dict[str, Any] = pydantic.Field(default_factory=dict)
    colour: str = ""
    position: tuple[float, float] | None = None


class RemoveNode(_Edit):
    """Takes a node away, with its links."""

    edit: Literal["remove_node"] = "remove_node"
    id: str


class MoveNode(_Edit):
    """Puts a node somewhere else on the canvas."""

    edit: Literal["move_node"] = "move_node"
    id: str
    position: tuple[float, float] | None


class SetConstant(_Edit):
    """Gives an input of a node a constant."""

    edit: Literal["set_constant"] = "set_constant"
    id: str
    port: str
    value: Any


class ClearConstant(_Edit):
    """Takes a constant back: the block's default counts again."""

    edit: Literal["clear_constant"] = "clear_constant"
    id: str
    port: str


class SetTitle(_Edit):
    """Names a node for people; empty for the block's own title."""

    edit: Literal["set_title"] = "set_title"
    id: str
    title: str


class SetColour(_Edit):
    """Gives a node one of `domain.node.COLOURS`; empty for that of its family."""

    edit: Literal["set_colour"] = "set_colour"
    id: str
    colour: str


class SetOption(_Edit):
    """Sets how a node is run, by an option of `domain.option`; None takes it back."""

    edit: Literal["set_option"] = "set_option"
    id: str
    option: str
    value: Any = None


class AddLink(_Edit):
    """Links an output port to an input port."""

    edit: Literal["add_link"] = "add_link"
    source: str
    output: str
    target: str
    input: str
    sticky: bool = False


class RemoveLink(_Edit):
    """Takes a link away."""

    edit: Literal["remove_link"] = "remove_link"
    source: str
    output: str
    target: str
    input: str


class Rename(_Edit):
    """Names the graph, and says what it is for."""

    edit: Literal["rename"] = "rename"
    name: str
    description: str | None = None


Edit = Annotated[
    AddNode
    | RemoveNode
    | MoveNode
    | SetConstant
    | ClearConstant
    | SetTitle
    | SetColour
    | SetOption
    | AddLink
    | RemoveLink
    | Rename,
    pydantic.Field(discriminator="edit"),
]
