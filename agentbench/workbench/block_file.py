"""A file with a new block, and a file with its test: where a block of one's own begins."""

import keyword
import re
from pathlib import Path

from agentbench.domain.errors import BlockDefinitionError

_NAME = re.compile(r"(?:([a-z][a-z0-9_]*)\.)?([a-z][a-z0-9_]*)")

_BLOCK = '''"""The block `{id}`."""

from typing import Annotated

from pydantic import Field

import agentbench as ab


@ab.block(
    id="{id}",
    title="{title}",
    keywords=("{words}", "my own"),
    effects="pure",  # or reads, writes, sends
    examples=[
        ab.Example(inputs={{"text": "hello", "times": 2}}, outputs={{"result": ["hello hello"]}}),
    ],
)
def {name}(
    text: Annotated[str, Field(description="What is said.")],
    times: Annotated[int, Field(ge=1, description="How often.")] = 1,
) -> str:
    """Says a text several times. Say here what yours does."""
    return " ".join([text] * times)
'''

_TEST = '''"""The block `{id}`: its examples hold, and what else it promises."""

import agentbench as ab

from {module} import {name}


def test_its_examples_hold() -> None:
    assert ab.check_examples({name}) > 0


def test_it_is_a_function_too() -> None:
    assert {name}("hi") == "hi"
'''


def new_block(name: str, folder: str | Path = ".") -> tuple[Path, Path]:
    """Writes `NAME.py` with a block that works and `test_NAME.py` with its test.

    `name` is a word, or `family.word`. To have the block everywhere, make a package of
    it whose entry point in the group `agentbench.blocks` names it.

    Raises:
        BlockDefinitionError: it is no name for a block.
        FileExistsError: one of the files is there already.
    """
    found = _NAME.fullmatch(name)
    if not found or keyword.iskeyword(found[2]):
        reason = (
            f"{name!r} is no name; write small letters, such as shout or mine.shout."
        )
        raise BlockDefinitionError("A block", reason)
    word = found[2]
    facts = {
        "id": f"{found[1] or 'mine'}.{word}",
        "title": word.replace("_", " ").capitalize(),
        "words": word.replace("_", " "),
        "name": word,
        "module": word,
    }
    places = Path(folder) / f"{word}.py", Path(folder) / f"test_{word}.py"
    for place in places:
        if place.exists():
            raise FileExistsError(17, "It is there already", str(place))
    Path(folder).mkdir(parents=True, exist_ok=True)
    for place, text in zip(places, (_BLOCK, _TEST), strict=True):
        place.write_text(text.format(**facts), encoding="utf-8")
    return places
