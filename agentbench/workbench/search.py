"""Search: finds blocks by the words people would use, by family, and by what fits."""

import difflib
import re
from collections.abc import Iterable

from agentbench.domain.annotation import fits
from agentbench.domain.block import Block
from agentbench.domain.port import Port

_EXACT, _WORD, _START, _INSIDE, _HELP, _TYPO = 120.0, 90.0, 70.0, 50.0, 25.0, 15.0
_TITLE = 1.0
_KEYWORD = 0.85
"""A word of the title or the id says more than one that people may think of."""
_LIKELY = 0.8
"""So much of a word must be right."""
_FILLERS = frozenset(
    [
        "a",
        "an",
        "and",
        "for",
        "from",
        "in",
        "into",
        "of",
        "on",
        "or",
        "over",
        "the",
        "to",
        "with",
    ]
)
_SAME = {
    "colour": "color", "summarize": "summarise", "analyze": "analyse", "email": "mail", "e-mail": "mail",
    "dict": "dictionary", "str": "text", "string": "text", "img": "image", "picture": "image",
    "dir": "folder", "directory": "folder", "db": "database", "int": "number", "spreadsheets": "spreadsheet",
}  # fmt: skip


def search_blocks(
    blocks: Iterable[Block],
    query: str = "",
    *,
    category: str = "",
    takes: str = "",
    gives: str = "",
) -> list[Block]:
    """The blocks that fit, the best first, ties by id; with no query in the order of ids.

    Every word of the query counts: as the name, as a word of the title or the keywords,
    as the start or a part of one, in the help, or nearly so. `category` is a family (or
    how its name begins), `takes` and `gives` are types that an input or output must fit.

    Raises:
        ValueError: there is no such type.
    """
    words = [word for word in _words(query) if word not in _FILLERS] or _words(query)
    scored = []
    for block in blocks:
        if category and not block.family.startswith(category.strip().lower()):
            continue
        if takes and not _fits(block.inputs({}), takes, "takes"):
            continue
        if gives and not _fits(block.outputs({}), gives, "gives"):
            continue
        score = _score(block, words, " ".join(_words(query))) if words else 1.0
        if score > 0:
            scored.append((score, block))
    ranked = sorted(scored, key=lambda pair: (-pair[0], pair[1].id))
    return [block for _, block in ranked]


def fitting(blocks: Iterable[Block], port: Port, side: str) -> list[Block]:
    """The blocks that have an input (`side` is "input") or output for a port, by id."""
    found = []
    for block in blocks:
        ends = block.inputs({}) if side == "input" else block.outputs({})
        pairs = [
            (port.annotation, end.annotation)
            if side == "input"
            else (end.annotation, port.annotation)
            for end in ends
        ]
        if any(fits(*pair) for pair in pairs):
            found.append(block)
    return sorted(found, key=lambda block: block.id)


def _fits(ports: Iterable[Port], type_name: str, asked: str) -> bool:
    """Whether a port is of that very type; one that takes anything says nothing."""
    wanted = type_name.strip().lower()
    known = ports_types(ports)
    if not re.fullmatch(r"[a-z][a-z ]*", wanted):
        raise ValueError(
            f"'{asked}' names no type: {type_name!r}. Such as text or table."
        )
    return wanted in known


def ports_types(ports: Iterable[Port]) -> set[str]:
    """The names of the types that ports are of, in small letters."""
    return {name.lower() for port in ports for name in port.types}


def _words(text: str) -> list[str]:
    found = re.findall(r"[^\s_./,;:()\-]+", text.lower())
    return [_SAME.get(word, word) for word in found]


def _score(block: Block, words: list[str], phrase: str) -> float:
    title = " ".join(_words(block.title))
    name = " ".join(_words(block.id))
    own = {*title.split(), *name.split()}
    others = {one for keyword in block.keywords for one in _words(keyword)}
    scores = [_word_score(word, own, others, block.help.lower()) for word in words]
    if not all(scores):
        return 0.0
    keywords = [" ".join(_words(keyword)) for keyword in block.keywords]
    return sum(scores) / len(scores) + _bonus(phrase, title, name, keywords)


def _bonus(phrase: str, title: str, name: str, keywords: list[str]) -> float:
    """More for a query that is, begins or is part of the name as a whole.

    The first keywords are those that people think of first.
    """
    if phrase in (title, name):
        return _EXACT
    found = [20.0 * difflib.SequenceMatcher(None, phrase, title).ratio()]
    if phrase == name.partition(" ")[2]:
        found.append(80.0)
    if phrase in keywords:
        found.append(60.0 - 2 * keywords.index(phrase))
    if title.startswith(phrase) or name.startswith(phrase):
        found.append(65.0)
    return max(found) + found[0] / 20


def _word_score(word: str, own: set[str], others: set[str], said: str) -> float:
    best = 0.0
    for tokens, weight in ((own, _TITLE), (others, _KEYWORD)):
        best = max(best, weight * _in_tokens(word, tokens))
    if best:
        return best
    if word in said:
        return _HELP
    known = own | others
    known |= {said for said, meant in _SAME.items() if meant in known}
    likely = difflib.get_close_matches(word, known, n=1, cutoff=_LIKELY)
    return _TYPO if len(word) > 3 and likely else 0.0


def _in_tokens(word: str, tokens: set[str]) -> float:
    if word in tokens or _stem(word) in {_stem(token) for token in tokens}:
        return _WORD
    if any(token.startswith(word) for token in tokens):
        return _START
    if len(word) > 2 and any(word in token for token in tokens):
        return _INSIDE
    return 0.0


def _stem(word: str) -> str:
    """A word without the ending that says how many or when."""
    for ending in ("ies", "es", "s", "ing", "ed"):
        if word.endswith(ending) and len(word) - len(ending) > 2:
            return word[: -len(ending)] + ("y" if ending == "ies" else "")
    return word
