"""History: what was done to a graph, step by step, to be undone and done again.

It is the graph's own, so that the canvas and Python undo the same steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from agentbench.domain import edit as edits

MOST = 200
"""How many steps are kept; the oldest go first."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """What was done at once, as people see it: a name for it, and the edits both ways."""

    title: str
    undo: tuple[edits.Edit, ...]
    redo: tuple[edits.Edit, ...]
    group: str = ""
    """Steps that follow each other and have the same group are one."""


class History:
    """The steps behind a graph, and those ahead that were undone."""

    def __init__(self) -> None:
        self.past: list[Step] = []
        self.future: list[Step] = []

    def copy(self) -> "History":
        """The same steps, apart from all that happens to them later."""
        twin = History()
        twin.past, twin.future = list(self.past), list(self.future)
        return twin

    def add(self, step: Step) -> None:
        """Notes a new step; what was undone before it cannot be done again."""
        last = self.past[-1] if self.past else None
        if last and step.group and step.group == last.group and not self.future:
            self.past[-1] = _joined(last, step)
        else:
            self.past.append(step)
        self.future.clear()
        del self.past[:-MOST]

    @property
    def undo_title(self) -> str:
        """What would be undone next, in words; empty when there is nothing."""
        return self.past[-1].title if self.past else ""

    @property
    def redo_title(self) -> str:
        """What would be done again next, in words; empty when there is nothing."""
        return self.future[-1].title if self.future else ""


def _joined(first: Step, then: Step) -> Step:
    """Two steps as one. Of the values typed into one field only the ends count."""
    undo, redo = (*then.undo, *first.undo), (*first.redo, *then.redo)
    if _sets(first.redo) and _sets(first.redo) == _sets(then.redo):
        undo, redo = first.undo, then.redo
    return Step(title=first.title, undo=undo, redo=redo, group=first.group)


def _sets(done: Sequence[edits.Edit]) -> tuple[str, str] | None:
    """The one field that these edits write, if that is all they do."""
    fields = {
        (step.id, step.port)
        for step in done
        if isinstance(step, (edits.SetConstant, edits.ClearConstant))
    }
    return fields.pop() if len(done) == len(fields) == 1 else None


_VERBS: tuple[tuple[type, str, str], ...] = (
    (edits.AddNode, "Add", "nodes"),
    (edits.RemoveNode, "Delete", "nodes"),
    (edits.AddLink, "Link", "ports"),
    (edits.RemoveLink, "Cut", "links"),
    (edits.SetConstant, "Change", "values"),
    (edits.ClearConstant, "Reset", "values"),
    (edits.SetTitle, "Rename", "nodes"),
    (edits.SetOption, "Set options of", "nodes"),
    (edits.SetColour, "Colour", "nodes"),
    (edits.MoveNode, "Move", "nodes"),
    (edits.Rename, "Rename", "agents"),
)


def title_of(done: Sequence[edits.Edit], names: dict[str, str]) -> str:
    """A name for what was done, as in `Add Template`; `names` are the nodes' titles.

    What weighs most gives it: who adds nodes links them as well.
    """
    for kind, verb, several in _VERBS:
        found = [step for step in done if isinstance(step, kind)]
        if len(found) == 1:
            return f"{verb} {_what(found[0], names)}"
        if found:
            return f"{verb} {len(found)} {several}"
    return "Change nothing"


def _what(step: edits.Edit, names: dict[str, str]) -> str:
    if isinstance(step, (edits.AddLink, edits.RemoveLink)):
        ends = (names.get(id, id) for id in (step.source, step.target))
        return " → ".join(ends)
    if isinstance(step, edits.Rename):
        return "the agent"
    id = step.id or ""
    name = names.get(id, id)
    if isinstance(step, (edits.SetConstant, edits.ClearConstant)):
        return f"{step.port.replace('_', ' ')} of {name}"
    return name
