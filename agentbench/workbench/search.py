"""Search: finds blocks by the words people would use, best first."""

import difflib
from collections.abc import Iterable

from agentbench.domain.block import Block


def search_blocks(blocks: Iterable[Block], query: str) -> list[Block]:
    """The blocks that fit every word of the query, best first, ties by id."""
    words = query.lower().split()
    scored = [(_score(block, words), block) for block in blocks]
    found = [(score, block) for score, block in scored if score > 0]
    return [
        block for _, block in sorted(found, key=lambda pair: (-pair[0], pair[1].id))
    ]


def _score(block: Block, words: list[str]) -> float:
    scores = [_word_score(block, word) for word in words]
    return sum(scores) if scores and all(scores) else 0.0


def _word_score(block: Block, word: str) -> float:
    title, name = block.title.lower(), block.id.lower()
    tokens = [
        *title.split(),
        *name.replace("_", ".").split("."),
        *map(str.lower, block.keywords),
    ]
    if word in (title, name):
        return 100.0
    if word in tokens:
        return 80.0
    if any(token.startswith(word) for token in tokens):
        return 60.0
    if any(word in token for token in tokens):
        return 40.0
    if word in block.help.lower():
        return 20.0
    return 10.0 if difflib.get_close_matches(word, tokens, n=1, cutoff=0.75) else 0.0
