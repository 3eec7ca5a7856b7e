"""Blocks that search in documents."""

import itertools
import json

import pytest

from agentbench.blocks import documents
from agentbench.blocks.ai import text
from agentbench.domain.model import EmbedAnswer

FOXES = [
    {"text": "The fox jumps over the lazy dog.", "source": "a.md"},
    {"text": "Cats sleep all day.", "source": "b.md"},
    {"text": "A fox is a wild animal; foxes live in dens.", "source": "c.md"},
]


class Meanings:
    """Vectors by hand: how much of animals, how much of rest."""

    def __init__(self):
        self.asked = []

    async def embed(self, request):
        self.asked.append(request)
        vectors = []
        for one in request.texts:
            low = one.lower()
            animals = sum(low.count(word) for word in ("fox", "dog", "cat", "animal"))
            rest = sum(low.count(word) for word in ("sleep", "lazy", "nap"))
            vectors.append((float(animals), float(rest)))
        return EmbedAnswer(model="lab:e", vectors=tuple(vectors))


@pytest.fixture
def meanings(context):
    context.models = Meanings()
    return context.models


async def test_words_are_found_with_scores_the_best_first(fire):
    given = await fire(documents.search, query="Where do foxes live?", documents=FOXES)
    [found] = given["found"]
    assert [one["source"] for one in found] == ["c.md", "a.md"]
    assert found[0]["score"] == 1.0 > found[1]["score"] > 0
    assert given["text"][0].startswith("[c.md]\nA fox is a wild animal")


@pytest.mark.parametrize("query", ['"', "", "AND OR NOT", "fox*) --", "  ?! "])
async def test_any_query_is_only_words(fire, query):
    given = await fire(documents.search, query=query, documents=FOXES)
    assert isinstance(given["found"][0], list)


async def test_a_meaning_is_found_without_its_words(fire, meanings):
    [index] = (await fire(documents.index, pieces=FOXES))["result"]
    assert json.dumps(index)
    given = await fire(
        documents.search, query="nap", documents=index, by="meaning", limit=1
    )
    assert given["found"][0][0]["source"] == "b.md"
    assert meanings.asked[-1].is_query
    assert meanings.asked[-1].model == "lab:e"


async def test_both_ways_count_together(fire, meanings):
    [index] = (await fire(documents.index, pieces=FOXES))["result"]
    given = await fire(documents.search, query="lazy fox", documents=index)
    scores = [one["score"] for one in given["found"][0]]
    assert scores == sorted(scores, reverse=True)
    assert given["found"][0][0]["source"] == "a.md"


async def test_meanings_need_an_index(fire):
    with pytest.raises(ValueError, match=r"documents\.index"):
        await fire(documents.search, query="x", documents=FOXES, by="meaning")


async def test_an_index_of_another_model_is_noticed(fire, meanings):
    index = {"pieces": FOXES, "vectors": [[1.0]] * 3, "model": "lab:e"}
    with pytest.raises(ValueError, match="another model"):
        await fire(documents.search, query="x", documents=index, by="meaning")


async def test_texts_are_embedded_in_order(fire, meanings):
    given = await fire(text.embed, texts=["fox", "nap"])
    assert given["result"] == [[[1.0, 0.0], [0.0, 1.0]]]


async def test_pieces_hold_the_whole_text_within_their_size(fire):
    words = " ".join(f"word{n}" for n in range(500))
    long = f"First paragraph.\n\n{words}.\n\n{'x' * 500}\n\nLast paragraph."
    given = await fire(documents.chunk, documents=[long], size=120, overlap=0)
    [found] = given["result"]
    assert all(len(piece["text"]) <= 121 for piece in found)
    assert "".join("".join(p["text"] for p in found).split()) == "".join(long.split())
    assert [piece["number"] for piece in found] == list(range(1, len(found) + 1))


async def test_pieces_may_share_words(fire):
    long = " ".join(f"Sentence {n}." for n in range(100))
    given = await fire(documents.chunk, documents=[long], size=200, overlap=50)
    [found] = given["result"]
    for one, other in itertools.pairwise(found):
        assert other["text"].split(".")[0] in one["text"]


async def test_files_and_notebooks_of_a_folder_are_loaded(fire, tmp_path):
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("Hello")
    (tmp_path / "docs" / ".hidden.md").write_text("no")
    (tmp_path / "docs" / "b.bin").write_bytes(b"\x00")
    cell = {"cell_type": "markdown", "metadata": {}, "source": "From a cell"}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    (tmp_path / "docs" / "c.ipynb").write_text(json.dumps(book))
    given = await fire(documents.load, path=str(tmp_path / "docs"))
    assert [one["text"] for one in given["result"][0]] == ["Hello", "From a cell"]
    given = await fire(documents.load, path=str(tmp_path / "docs" / "*.md"))
    assert [one["text"] for one in given["result"][0]] == ["no", "Hello"]


async def test_nothing_to_load_is_an_error(fire, tmp_path):
    with pytest.raises(FileNotFoundError):
        await fire(documents.load, path=str(tmp_path / "*.md"))
