"""Blocks that search in documents: load, cut into pieces, index, find.

Words are found by SQLite's full-text index, meanings by a provider's embeddings. A piece
is a dictionary: `text`, `source` (where it is from) and `number` (its place there).
"""

import itertools
import math
import re
import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

import pydantic

from agentbench.blocks.base import about, block, example
from agentbench.blocks.base.confined import OutsideWorkspace, Workspace
from agentbench.blocks.base.sources import workspace_of, written_out
from agentbench.domain.context import Context
from agentbench.domain.model import EmbedRequest
from agentbench.domain.port import LongText

MAX_FILES = 2000
MAX_BYTES = 20_000_000
"""The largest file that is read."""

_TEXTS = (".txt", ".md", ".markdown", ".rst", ".csv", ".json", ".py", ".html", ".tex")
_EmbedModel = Annotated[
    str,
    about("Who makes the vectors, as `provider:model`; the default when empty."),
]


@block(
    id="documents.load",
    title="Load documents",
    keywords=("files", "folder", "read", "corpus", "knowledge", "rag", "notebook"),
    effects="reads",
    examples=[example({"path": "a.md"}, files={"a.md": "# Hello"})],
)
def load(
    path: Annotated[str, about("A file, a folder, or a pattern such as docs/**/*.md.")],
    context: Context,
) -> Annotated[list[dict[str, Any]], about("Each document: `text` and `source`.")]:
    """Reads text files, and the cells of notebooks, one document for each file."""
    workspace, files = _files(written_out(path), context)
    found = []
    for file in files:
        name = str(workspace.root / file)
        facts = workspace.stat(name)
        if facts is None or facts.st_size > MAX_BYTES:
            context.log(f"{file} was left out: it is larger than {MAX_BYTES} bytes.")
            continue
        try:
            data = workspace.read(name)
        except OutsideWorkspace as error:
            if len(files) == 1:
                raise
            context.log(f"{file} was left out: {error}")
            continue
        text = _text_of(file, data)
        if text.strip():
            found.append({"text": text, "source": str(file)})
    if not found:
        raise ValueError(f"There is no text in {path!r}.")
    return found


def _files(path: str, context: Context) -> tuple[Workspace, list[Path]]:
    """The folder that it is in, and the files that it names as they are called."""
    parts = Path(path).parts
    fixed = list(itertools.takewhile(lambda part: not set(part) & set("*?["), parts))
    start = Path(*fixed)
    workspace = workspace_of(str(start), context)
    workspace.parts(path)  # nor does what comes after lead out
    base = workspace.root.joinpath(*workspace.parts(str(start)))
    if len(fixed) < len(parts):
        rest = str(Path(*parts[len(fixed) :]))
        inside = [it.relative_to(base) for it in base.glob(rest) if it.is_file()]
    elif base.is_dir():
        inside = [
            it.relative_to(base)
            for it in base.rglob("*")
            if it.suffix in (*_TEXTS, ".ipynb")
            and not any(part.startswith(".") for part in it.relative_to(base).parts)
        ]
    else:
        return workspace, [base]
    found = sorted(start / one for one in inside)
    if not found:
        raise FileNotFoundError(f"No file fits {path!r}.")
    if len(found) > MAX_FILES:
        raise ValueError(f"{path!r} names {len(found)} files; {MAX_FILES} is the most.")
    return workspace, found


def _text_of(file: Path, data: bytes) -> str:
    text = data.decode("utf-8", errors="replace")
    if file.suffix != ".ipynb":
        return text
    import nbformat

    book = nbformat.reads(text, as_version=4)  # type: ignore[no-untyped-call]
    return "\n\n".join(str(cell.source) for cell in book.cells if cell.source)


@block(
    id="documents.chunk",
    title="Cut into pieces",
    keywords=("chunk", "passages", "rag", "segments", "paragraphs"),
    examples=[
        example(
            {"documents": ["one paragraph"]},
            result=[{"source": "", "text": "one paragraph", "number": 1}],
        )
    ],
)
async def chunk(
    documents: Annotated[
        list[dict[str, Any] | str], about("Documents with their `text`, or texts.")
    ],
    *,
    size: Annotated[
        int, pydantic.Field(ge=50, le=100_000), about("Letters of a piece, about.")
    ] = 1200,
    overlap: Annotated[
        int,
        pydantic.Field(ge=0, le=10_000),
        about("Letters that two pieces share, about.", advanced=True),
    ] = 150,
) -> Annotated[list[dict[str, Any]], about("The pieces, in order.")]:
    """Cuts documents into pieces that can be found, between paragraphs or sentences."""
    if overlap >= size:
        raise ValueError("'overlap' must be smaller than 'size'.")
    return [
        {**facts, "text": text, "number": number}
        for facts in map(_document, documents)
        for number, text in enumerate(cut(facts["text"], size, overlap), start=1)
    ]


def _document(given: Any) -> dict[str, Any]:
    if isinstance(given, str):
        return {"text": given, "source": ""}
    if isinstance(given, Mapping) and isinstance(given.get("text"), str):
        return {"source": "", **given}
    raise ValueError(
        f"A document is a text or has a `text`; this has none: {given!r:.80}"
    )


def cut(text: str, size: int, overlap: int) -> list[str]:
    """The text in pieces of about so many letters; the longest breaks go first."""
    found: list[str] = []
    current = ""
    for part in _parts(text, size):
        if current and len(current) + len(part) > size:
            found.append(current.strip())
            tail = current[-overlap:] if overlap else ""
            current = tail[tail.find(" ") + 1 :] if " " in tail else tail
        current += part
    if current.strip():
        found.append(current.strip())
    return [piece for piece in found if piece]


def _parts(text: str, size: int) -> list[str]:
    """Paragraphs; sentences where a paragraph is too long; letters where a sentence is."""
    found: list[str] = []
    for paragraph in re.split(r"(?<=\n\n)", text):
        if len(paragraph) <= size:
            found.append(paragraph)
            continue
        for sentence in re.split(r"(?<=[.!?\n]) ?", paragraph):
            start = [sentence[at : at + size] for at in range(0, len(sentence), size)]
            found += [f"{one} " if len(one) < size else one for one in start]
    return found


@block(
    id="documents.index",
    title="Index documents",
    keywords=("embed", "vector", "embedding", "rag", "store", "semantic"),
    effects="reads",
    sticky=True,
)
async def index(
    pieces: Annotated[list[dict[str, Any] | str], about("Pieces, or whole texts.")],
    *,
    model: _EmbedModel = "",
    context: Context,
) -> Annotated[
    dict[str, Any], about("Pieces with their vectors, for `documents.search`.")
]:
    """Gives each piece a vector, so that it is found by what it means.

    To find words no index is needed: search in the pieces themselves.
    """
    documents = [_document(piece) for piece in pieces]
    if not documents:
        raise ValueError("'pieces' is empty; there is nothing to index.")
    texts = tuple(document["text"] for document in documents)
    made = await context.models.embed(EmbedRequest(model=model, texts=texts))
    return {
        "pieces": documents,
        "vectors": [list(vector) for vector in made.vectors],
        "model": made.model,
    }


@block(
    id="documents.search",
    title="Search documents",
    keywords=("retrieve", "find", "rag", "semantic", "question", "lookup", "passages"),
    effects="reads",
    outputs={
        "found": Annotated[
            list[dict[str, Any]],
            about("The pieces that fit, the best first, with `score`."),
        ],
        "text": Annotated[
            str, about("Their texts with their sources, ready for a prompt.")
        ],
    },
    examples=[
        example(
            {"query": "sea", "documents": ["by the sea", "in the hills"], "limit": 1},
            text="by the sea",
        )
    ],
)
async def search(
    query: Annotated[LongText, about("What is looked for, in words or as a question.")],
    documents: Annotated[
        dict[str, Any] | list[dict[str, Any] | str],
        about("An index, or pieces as they are."),
    ],
    *,
    limit: Annotated[
        int, pydantic.Field(ge=1, le=1000), about("How many are found, at most.")
    ] = 5,
    by: Annotated[
        Literal["best", "words", "meaning", "both"],
        about(
            "How: by words, by meaning (needs an index), by both; the best there is."
        ),
    ] = "best",
    least: Annotated[
        float, about("The score that is needed, from 0 to 1.", advanced=True)
    ] = 0.0,
    context: Context,
) -> Mapping[str, Any]:
    """Finds the pieces that say something about a question.

    Scores go from 0 to 1: the nearness of meanings, or how well the words fit beside
    the best piece.
    """
    is_index = isinstance(documents, Mapping)
    pieces = [
        _document(one)
        for one in (
            documents["pieces"] if isinstance(documents, Mapping) else documents
        )
    ]
    way = ("both" if is_index else "words") if by == "best" else by
    if way != "words" and not is_index:
        raise ValueError(
            f"To search by {way}, 'documents' needs the index that `documents.index` makes."
        )
    ranked: list[list[tuple[int, float]]] = []
    if way in ("words", "both"):
        ranked.append(await context.in_thread(by_words, pieces, query))
    if way in ("meaning", "both") and isinstance(documents, Mapping):
        request = EmbedRequest(model=documents["model"], texts=(query,), is_query=True)
        [vector] = (await context.models.embed(request)).vectors
        ranked.append(await context.in_thread(by_meaning, documents["vectors"], vector))
    scored = ranked[0] if len(ranked) == 1 else _fused(ranked)
    found = [
        {**pieces[at], "score": round(score, 4)}
        for at, score in scored[:limit]
        if score >= least
    ]
    shown = "\n\n".join(
        (f"[{one['source']}]\n" if one["source"] else "") + one["text"] for one in found
    )
    return {"found": found, "text": shown}


def by_words(
    pieces: Sequence[Mapping[str, Any]], query: str
) -> list[tuple[int, float]]:
    """The numbers of the pieces that have words of the query, with scores, the best first."""
    words = list(dict.fromkeys(re.findall(r"\w+", query.lower())))
    if not words:
        return []
    wanted = " OR ".join(f'"{word}"' for word in words)
    base = sqlite3.connect(":memory:")
    try:
        base.execute(
            "CREATE VIRTUAL TABLE pieces USING fts5(text, tokenize='porter unicode61')"
        )
        rows = [(at, piece["text"]) for at, piece in enumerate(pieces)]
        base.executemany("INSERT INTO pieces(rowid, text) VALUES (?, ?)", rows)
        found = base.execute(
            "SELECT rowid, -bm25(pieces) FROM pieces WHERE pieces MATCH ?"
            " ORDER BY 2 DESC, 1",
            (wanted,),
        ).fetchall()
    finally:
        base.close()
    # bm25 is about zero for a word that most pieces have: what it means is the order.
    top = max((score for _, score in found), default=0.0)
    return [(at, max(score / top, 0.001) if top > 0 else 1.0) for at, score in found]


def by_meaning(
    vectors: Sequence[Sequence[float]], wanted: Sequence[float]
) -> list[tuple[int, float]]:
    """The numbers of the vectors by their nearness to one, the nearest first."""
    norm = math.hypot(*wanted) or 1.0
    scored = []
    for at, vector in enumerate(vectors):
        if len(vector) != len(wanted):
            raise ValueError(
                "The index was made with another model: its vectors have"
                f" {len(vector)} numbers and the query's {len(wanted)}."
            )
        length = math.hypot(*vector) or 1.0
        dot = sum(a * b for a, b in zip(vector, wanted, strict=True))
        scored.append((at, max(0.0, dot / (norm * length))))
    return sorted(scored, key=lambda one: (-one[1], one[0]))


def _fused(ranked: Iterable[list[tuple[int, float]]]) -> list[tuple[int, float]]:
    """Several orders as one: what is near the top of any counts, of both most."""
    total: dict[int, float] = {}
    lists = list(ranked)
    for order in lists:
        for place, (at, _) in enumerate(order):
            total[at] = total.get(at, 0.0) + 1 / (60 + place)
    most = len(lists) / 60
    return sorted(
        ((at, score / most) for at, score in total.items()),
        key=lambda one: (-one[1], one[0]),
    )
