"""T53: what somebody asks a store for is a value, never a part of the question."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agentbench.domain.errors import UnknownRun
from agentbench.domain.event import LineLogged
from agentbench.domain.run import RunStatus
from agentbench.domain.store import RunRecord, Store
from agentbench.stores.memory import MemoryStore
from agentbench.stores.sqlite import SqliteStore

HOSTILE = (
    "' OR '1'='1", "a' --", "a'; DROP TABLE runs; --", "%", "_", "a%", "*", "?", "[a-z]*", "a\0", "a ", "A",
    '" OR 1=1 --', "a\\' OR 1=1", "a\n", "{a}", "a:*", "a*", "NEAR(a b)", "a OR b", "\U0001f600' OR 1", "0 UNION SELECT 1", "",
)  # fmt: skip
"""Names of agents and runs that are more elsewhere."""


@pytest.fixture(scope="module", params=["memory", "sqlite"])
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store with the run and the agent of somebody, and theirs under hostile names."""
    where: Path = tmp_path_factory.mktemp("store") / "a.db"
    made: Store = (
        MemoryStore()
        if request.param == "memory"
        else SqliteStore(f"sqlite:///{where}")
    )
    for run, agent in (
        ("a", "a"),
        *((f"r{at}", name) for at, name in enumerate(HOSTILE)),
    ):
        record = RunRecord(
            id=run, agent=agent, graph="0" * 64, status=RunStatus.RUNNING, started=1.0
        )
        made.create_run(record).result()
        line = LineLogged(seq=1, at=1.0, node="n", firing=1, text=f"of {run}")
        made.append(run, [line], fence=0).result(60)
        if agent:
            made.save_agent(agent, f'{{"name": "{run}"}}')
    yield made
    made.close()


@pytest.mark.parametrize("name", HOSTILE)
def test_t53_a_hostile_name_finds_its_own_and_nobody_elses(
    store: Store, name: str
) -> None:
    own = f"r{HOSTILE.index(name)}"
    assert [run.id for run in store.runs(agent=name)] == [own]
    assert [run.id for run in store.runs(agent=f"{name}'")] == []
    assert store.runs(under=name or "x") == []
    found = store.agent(name)
    if name:
        assert found is not None
        assert found[1] == f'{{"name": "{own}"}}'
        assert [it.name for it in store.versions(name)] == [name]
    for ask in (store.run, lambda it: list(store.events(it))):
        try:
            assert not ask(name or "x"), "a run of that id"
        except UnknownRun:
            continue


def test_t53_and_everything_is_still_there(store: Store) -> None:
    assert len(store.runs(limit=100)) == len(HOSTILE) + 1
    assert [event.text for event in store.events("a")] == ["of a"]
