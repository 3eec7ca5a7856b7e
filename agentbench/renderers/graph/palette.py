"""The colours of the drawing: those of the graph editor (`widgets/src/ui/tokens.css`).

Each is a pair, for a light and for a dark background.
"""

from typing import NamedTuple


class Tone(NamedTuple):
    """One colour for each background."""

    light: str
    dark: str


BLUE = Tone("#3b6fd8", "#7ba6f5")
GREEN = Tone("#2b8a5f", "#62c198")
AMBER = Tone("#c27a12", "#e8b05c")
VIOLET = Tone("#7a4fd0", "#b196f3")
TEAL = Tone("#168a96", "#5cc3cd")
ROSE = Tone("#c64473", "#ee8bb0")
SLATE = Tone("#66707f", "#a3acba")
LIME = Tone("#6a8f1c", "#b0cf68")

FAMILIES = {
    "agent": VIOLET,
    "chart": BLUE,
    "data": BLUE,
    "logic": AMBER,
    "math": ROSE,
    "mine": LIME,
    "python": LIME,
    "table": BLUE,
    "text": GREEN,
    "values": SLATE,
    "web": TEAL,
}
"""The accent of each family of blocks; another family has that of `mine`."""

NODE_COLOURS = {
    "amber": AMBER,
    "blue": BLUE,
    "green": GREEN,
    "lime": LIME,
    "rose": ROSE,
    "slate": SLATE,
    "teal": TEAL,
    "violet": VIOLET,
}
"""The colours that a node can be given, as `domain.node.COLOURS` names them."""

NUMBER = Tone("#d97706", "#f0a848")
TIME = Tone("#0e8f96", "#55c4cb")
FILE = Tone("#94703f", "#cba877")

TYPES = {
    "any": Tone("#868c98", "#9aa1ad"),
    "boolean": Tone("#db2777", "#f27eb2"),
    "bytes": FILE,
    "chart": Tone("#5f9412", "#a4cc55"),
    "date": TIME,
    "date and time": TIME,
    "dictionary": Tone("#4a5fe0", "#8b9cf8"),
    "error": Tone("#d64545", "#f07f7f"),
    "file": FILE,
    "image": Tone("#c026d3", "#dd7fee"),
    "list": Tone("#7c3aed", "#ab8bfa"),
    "number": NUMBER,
    "other": Tone("#3d7a8c", "#82bccb"),
    "table": Tone("#0284c7", "#52b6ee"),
    "text": Tone("#0d9268", "#4cc79a"),
    "time": TIME,
    "whole number": NUMBER,
}
"""The colour of each type of port, and of the links that carry it."""

RUNNING = Tone("#2563eb", "#6ea8ff")
DONE = Tone("#15803d", "#5fc98a")
FAILED = Tone("#c62828", "#ff8a80")
WAITING = Tone("#a15c07", "#e9b45a")
QUIET = Tone("#6b7280", "#9aa1ad")

STATUSES = {
    "added": DONE,
    "changed": WAITING,
    "completed": DONE,
    "differs": WAITING,
    "failed": FAILED,
    "first_difference": RUNNING,
    "interrupted": WAITING,
    "needs_decision": WAITING,
    "pending": QUIET,
    "queued": QUIET,
    "ready": QUIET,
    "removed": FAILED,
    "reused": DONE,
    "running": RUNNING,
    "skipped": QUIET,
    "stopped": QUIET,
    "waiting": WAITING,
}

CARD = Tone("#ffffff", "#232429")
CARD_LINE = Tone("#d4d7de", "#44464e")
SHADE = Tone("#1c2030", "#000000")
TEXT = Tone("#1c1d21", "#ececef")
TEXT_2 = Tone("#50545e", "#b9bcc4")
TEXT_3 = Tone("#6c717c", "#9a9ea8")
ON_ACCENT = Tone("#ffffff", "#17181b")
NOTE = Tone("#fff6cf", "#3a3521")
NOTE_LINE = Tone("#eadb93", "#5b522c")
NOTE_TEXT = Tone("#4c4320", "#ece0b0")


def family_key(family: str) -> str:
    """The name under which a family has its accent."""
    first = family.partition(".")[0]
    return first if first in FAMILIES else "mine"


def type_key(types: tuple[str, ...]) -> str:
    """The name under which the first of a port's types has its colour."""
    first = types[0] if types else "any"
    if first in ("anything", "nothing"):
        return "any"
    return first if first in TYPES else "other"
