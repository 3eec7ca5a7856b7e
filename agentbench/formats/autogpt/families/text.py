r"""AutoGPT's blocks for text, where ours read `\n` as a new line and AutoGPT does not."""

from collections.abc import Mapping

from agentbench.formats.autogpt.block import Given, Pairs, Work
from agentbench.formats.autogpt.kinds import to_text


def combine(given: Given) -> Pairs:
    """Joins texts."""
    yield "output", given["delimiter"].join(map(to_text, given["input"]))


def split(given: Given) -> Pairs:
    """Cuts a text; of no text there are no parts.

    Raises:
        ValueError: the delimiter is empty.
    """
    if not given["text"]:
        yield "texts", []
        return
    parts = given["text"].split(given["delimiter"])
    yield "texts", [part.strip() for part in parts] if given["strip"] else parts


def replace(given: Given) -> Pairs:
    """Replaces some words by others."""
    yield "output", given["text"].replace(given["old"], given["new"])


TEXT: Mapping[str, Work] = {
    "CombineTextsBlock": combine,
    "TextSplitBlock": split,
    "TextReplaceBlock": replace,
}
