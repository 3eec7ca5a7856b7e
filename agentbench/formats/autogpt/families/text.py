r"""AutoGPT's blocks for text, where ours read `\n` as a new line and AutoGPT does not."""

from collections.abc import Mapping

from agentbench.domain.limits import refuse_growth
from agentbench.formats.autogpt.block import Given, Pairs, Work
from agentbench.formats.autogpt.kinds import to_text


def combine(given: Given) -> Pairs:
    """Joins texts."""
    parts, between = list(map(to_text, given["input"])), given["delimiter"]
    refuse_growth(sum(map(len, parts)) + len(between) * len(parts))
    yield "output", between.join(parts)


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
    text, old, new = given["text"], given["old"], given["new"]
    refuse_growth(len(text) + text.count(old) * (len(new) - len(old)))
    yield "output", text.replace(old, new)


TEXT: Mapping[str, Work] = {
    "CombineTextsBlock": combine,
    "TextSplitBlock": split,
    "TextReplaceBlock": replace,
}
