"""The promises of `agentbench.domain.store`, held over every backend listed."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from agentbench.domain.errors import (
    SaveConflict,
    StaleOwner,
    StorageFull,
    StoreError,
    UnknownRun,
)
from agentbench.domain.event import Event, ValueEmitted
from agentbench.domain.run import RunStatus
from agentbench.domain.store import Durability, Store, document_hash
from agentbench.domain.value import InlineValue
from agentbench.stores import BACKENDS
from tests.stores.places import make_store, place
from tests.stores.samples import line, lines, record, stored


@pytest.fixture(params=sorted(BACKENDS))
def url(request: pytest.FixtureRequest) -> str:
    """Where a store of that kind may be."""
    return place(request, request.param)


OpenStore = Callable[..., Store]


@pytest.fixture
def open_store(url: str) -> Iterator[OpenStore]:
    """Opens it, and whatever is asked for; closed in the end."""
    opened: list[Store] = []

    def open_one(**options: object) -> Store:
        opened.append(make_store(url, **options))
        return opened[-1]

    yield open_one
    for store in opened:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> Store:
    return open_store()


@pytest.fixture
def run(store: Store) -> str:
    store.create_run(record("run-1")).result()
    return "run-1"


class TestTheLog:
    def test_events_come_back_in_order_each_once(self, store: Store, run: str) -> None:
        futures = [
            store.append(run, lines(first, 4), fence=0) for first in range(1, 20_001, 4)
        ]
        for future in futures:
            future.result()
        assert [event.seq for event in store.events(run)] == list(range(1, 20_001))
        assert store.run(run).last_seq == 20_000

    def test_reading_goes_on_after_a_number(self, store: Store, run: str) -> None:
        store.append(run, lines(1, 5), fence=0).result()
        assert store.events(run, after=3) == lines(4, 2)
        assert store.events(run, after=5) == []
        assert store.events("none-such") == []

    def test_reading_stops_at_a_limit(self, store: Store, run: str) -> None:
        store.append(run, lines(1, 5), fence=0).result()
        assert store.events(run, limit=2) == lines(1, 2)
        assert store.events(run, after=2, limit=2) == lines(3, 2)
        assert store.events(run, after=4, limit=9) == lines(5, 1)
        assert store.events(run, limit=0) == store.events(run, after=5, limit=1) == []

    def test_an_acknowledged_event_can_be_read_at_once(
        self, store: Store, run: str
    ) -> None:
        for seq in range(1, 50):
            store.append(run, [line(seq)], fence=0).result()
            assert store.events(run, after=seq - 1) == [line(seq)]

    @pytest.mark.parametrize("seq", [1, 2, 4, 0])
    def test_a_gap_or_a_repetition_is_refused(
        self, store: Store, run: str, seq: int
    ) -> None:
        store.append(run, lines(1, 2), fence=0).result()
        with pytest.raises(StoreError, match="goes on with number 3"):
            store.append(run, [line(seq)], fence=0).result()
        assert store.run(run).last_seq == 2

    def test_events_that_follow_a_refused_one_are_refused(
        self, store: Store, run: str
    ) -> None:
        bad = store.append(run, [line(1, "half a character: \ud800")], fence=0)
        after = store.append(run, [line(2)], fence=0)
        with pytest.raises(StoreError):
            bad.result()
        with pytest.raises(StoreError, match="goes on with number 1"):
            after.result()
        assert store.events(run) == []

    def test_an_append_is_kept_whole_or_not_at_all(
        self, store: Store, run: str
    ) -> None:
        with pytest.raises(StoreError):
            store.append(run, [line(1), line(2), line(4)], fence=0).result()
        assert store.events(run) == []

    def test_what_a_block_changes_later_stays_out_of_the_log(
        self, store: Store, run: str
    ) -> None:
        data = {"rows": [1]}
        event = ValueEmitted(
            seq=1, at=0, node="n", firing=1, port="out", value=InlineValue(data)
        )
        future = store.append(run, [event], fence=0)
        data["rows"].append(2)
        future.result()
        assert store.events(run)[0].value.data == {"rows": [1]}  # type: ignore[attr-defined]

    def test_the_list_may_be_used_again(self, store: Store, run: str) -> None:
        batch = [line(1)]
        futures = []
        for seq in range(2, 200):
            futures.append(store.append(run, batch, fence=0))
            batch[:] = [line(seq)]
        assert {future.exception() for future in futures} == {None}
        assert store.run(run).last_seq == 198

    def test_an_unknown_run_takes_no_events(self, store: Store) -> None:
        with pytest.raises(UnknownRun):
            store.append("none-such", [line(1)], fence=0).result()

    def test_many_threads_write_many_runs(self, store: Store) -> None:
        def write(run: str) -> None:
            store.create_run(record(run)).result()
            for first in range(1, 300, 3):
                store.append(run, lines(first, 3), fence=0)

        threads = [threading.Thread(target=write, args=(f"r{n}",)) for n in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        store.flush()
        assert [len(store.events(f"r{n}")) for n in range(6)] == [300] * 6

    def test_an_append_cannot_be_taken_back(self, store: Store, run: str) -> None:
        assert not store.append(run, [line(1)], fence=0).cancel()


class TestRuns:
    def test_a_run_is_known_by_its_record(self, store: Store, run: str) -> None:
        assert store.run(run) == record(run)

    def test_an_unknown_run_is_told_with_its_likes(
        self, store: Store, run: str
    ) -> None:
        with pytest.raises(UnknownRun, match=f"Did you mean '{run}'"):
            store.run("run-2")

    def test_a_run_may_come_with_its_graph_and_its_beginning(
        self, store: Store
    ) -> None:
        store.create_run(record("new"), document="{}", events=lines(1, 2)).result()
        assert store.events("new") == lines(1, 2)
        assert store.run("new").last_seq == 2
        assert store.document(document_hash("{}")) == "{}"

    def test_a_run_whose_beginning_is_refused_is_not_there(self, store: Store) -> None:
        with pytest.raises(StoreError):
            store.create_run(record("new"), document="{}", events=lines(2, 1)).result()
        with pytest.raises(UnknownRun):
            store.run("new")
        with pytest.raises(StoreError):
            store.document(document_hash("{}"))

    def test_an_id_is_given_once(self, store: Store, run: str) -> None:
        with pytest.raises(StoreError, match="already a run"):
            store.create_run(record(run)).result()

    def test_the_status_changes_with_the_events(self, store: Store, run: str) -> None:
        store.append(run, [line(1)], fence=0, status=RunStatus.WAITING).result()
        assert store.run(run).status is RunStatus.WAITING
        assert store.run(run).ended == 0
        store.append(run, [line(2)], fence=0, status=RunStatus.COMPLETED).result()
        assert store.run(run).status is RunStatus.COMPLETED
        assert store.run(run).ended == 2.0

    def test_the_status_may_change_alone(self, store: Store, run: str) -> None:
        store.append(run, [], fence=0, status=RunStatus.FAILED).result()
        assert store.run(run).status is RunStatus.FAILED
        assert store.run(run).ended > 1e9

    def test_an_ended_run_takes_nothing_more(self, store: Store, run: str) -> None:
        store.append(run, [line(1)], fence=0, status=RunStatus.STOPPED).result()
        with pytest.raises(StoreError, match="has ended"):
            store.append(run, [line(2)], fence=0).result()
        with pytest.raises(StoreError, match="has ended"):
            store.append(run, [], fence=0, status=RunStatus.RUNNING).result()
        assert store.run(run).status is RunStatus.STOPPED

    def test_the_newest_runs_come_first(self, store: Store) -> None:
        for number in range(4):
            agent = "even" if number % 2 == 0 else "odd"
            started = float(number // 2)  # two at a time start in the same moment
            store.create_run(
                record(f"r{number}", started=started, agent=agent)
            ).result()
        assert [run.id for run in store.runs()] == ["r3", "r2", "r1", "r0"]
        assert [run.id for run in store.runs(agent="odd")] == ["r3", "r1"]
        assert [run.id for run in store.runs(limit=1)] == ["r3"]
        assert store.runs(agent="none") == []

    def test_runs_are_found_by_status_and_start(self, store: Store) -> None:
        for number, status in enumerate([None, RunStatus.FAILED, RunStatus.STOPPED]):
            store.create_run(record(f"r{number}", started=float(number))).result()
            store.append(f"r{number}", [line(1)], fence=0, status=status).result()

        def found(**wanted: Any) -> list[str]:
            return [run.id for run in store.runs(**wanted)]

        assert found(since=1.0) == ["r2", "r1"]
        assert found(statuses=[RunStatus.FAILED, RunStatus.RUNNING]) == ["r1", "r0"]
        assert found(statuses={RunStatus.STOPPED}, agent="a", limit=1) == ["r2"]
        assert found(statuses=[RunStatus.STOPPED], since=2.5) == []

    def test_runs_that_come_whole_stand_as_given(self, store: Store) -> None:
        ended = replace(record(), status=RunStatus.COMPLETED, ended=7.0, owner="b")
        part = record("run-1.node.1.0", agent="b")
        store.add_runs(
            [(ended, lines(1, 1200)), (part, []), (record("r2"), lines(1, 3))]
        )
        assert store.run("run-1") == replace(ended, last_seq=1200)
        assert store.events("run-1") == lines(1, 1200)
        assert (store.events(part.id), store.run(part.id)) == ([], part)
        store.append("r2", [line(4)], fence=0).result()
        with pytest.raises(StoreError, match="has ended"):
            store.append("run-1", [line(1201)], fence=0).result()

    def test_runs_that_come_whole_come_all_or_none(
        self, store: Store, run: str
    ) -> None:
        def broken() -> Iterator[Event]:
            yield from lines(1, 700)
            raise KeyError("the file ends here")

        first = (record("first"), lines(1, 3))
        for bad, error in (
            ((record("bad"), broken()), KeyError),
            ((record("bad"), [line(1), line(3)]), StoreError),
            ((record("bad"), [line(1, "half: \ud800")]), StoreError),
            ((record(run), lines(1, 1)), StoreError),
        ):
            with pytest.raises(error):
                store.add_runs([first, bad])
            assert [known.id for known in store.runs()] == [run]
            assert store.events("first") == store.events("bad") == []
        store.append(run, lines(1, 1), fence=0).result()

    def test_a_deleted_run_is_gone_with_its_events(
        self, store: Store, run: str
    ) -> None:
        store.create_run(record("other")).result()
        for name in (run, "other"):
            store.append(name, lines(1, 3), fence=0).result()
        store.delete_run(run)
        assert [known.id for known in store.runs()] == ["other"]
        assert store.events(run) == []
        assert store.events("other") == lines(1, 3)
        with pytest.raises(UnknownRun):
            store.delete_run(run)
        with pytest.raises(UnknownRun):
            store.append(run, lines(4, 1), fence=0).result()

    def test_a_deleted_runs_id_is_free(self, store: Store, run: str) -> None:
        store.append(run, lines(1, 3), fence=0).result()
        store.delete_run(run)
        store.create_run(record(run)).result()
        assert store.run(run).last_seq == 0


class TestDurability:
    def test_a_store_may_be_power_safe(self, open_store: OpenStore) -> None:
        store = open_store(durability=Durability.FULL)
        store.create_run(record("run-1")).result()
        store.append("run-1", [line(1)], fence=0).result()
        store.append("run-1", [line(2)], fence=0, durability=Durability.FAST).result()
        assert store.get_blob(store.put_blob(b"abc")) == b"abc"
        assert store.events("run-1") == lines(1, 2)

    def test_so_may_one_append(self, store: Store, run: str) -> None:
        store.append(run, [line(1)], fence=0)
        full = store.append(run, [line(2)], fence=0, durability=Durability.FULL)
        store.append(run, [line(3)], fence=0)
        full.result()
        store.flush(durability=Durability.FULL)
        assert store.events(run) == lines(1, 3)


class TestOwners:
    def test_a_new_owner_is_let_in(self, store: Store, run: str) -> None:
        claimed = store.claim_run(run, owner="kernel b", fence=2)
        assert (claimed.owner, claimed.fence) == ("kernel b", 2)
        assert store.run(run) == claimed

    def test_an_older_owner_stays_out(self, store: Store, run: str) -> None:
        store.claim_run(run, owner="kernel b", fence=2)
        with pytest.raises(StaleOwner):
            store.claim_run(run, owner="kernel a", fence=1)
        assert store.run(run).owner == "kernel b"

    def test_of_two_with_one_fence_the_first_is_in(
        self, store: Store, run: str
    ) -> None:
        store.claim_run(run, owner="kernel a", fence=2)
        with pytest.raises(StaleOwner):
            store.claim_run(run, owner="kernel b", fence=2)
        assert store.claim_run(run, owner="kernel a", fence=2).owner == "kernel a"

    def test_a_stale_owner_writes_nothing(self, store: Store, run: str) -> None:
        store.append(run, [line(1)], fence=0).result()
        store.claim_run(run, owner="kernel b", fence=2)
        with pytest.raises(StaleOwner, match="taken over by another kernel"):
            store.append(run, [line(2)], fence=1, status=RunStatus.COMPLETED).result()
        assert store.events(run) == [line(1)]
        assert store.run(run).status is RunStatus.RUNNING

    def test_who_writes_with_a_newer_fence_shuts_out_the_older(
        self, store: Store, run: str
    ) -> None:
        store.append(run, [line(1)], fence=5).result()
        with pytest.raises(StaleOwner):
            store.append(run, [line(2)], fence=4).result()

    def test_a_stale_append_does_not_disturb_its_neighbours(
        self, store: Store, run: str
    ) -> None:
        store.create_run(record("other")).result()
        store.claim_run(run, owner="kernel b", fence=2)
        outcomes = [
            store.append("other", [line(1)], fence=0),
            store.append(run, [line(1)], fence=1),
            store.append(run, [line(1)], fence=2),
            store.append("other", [line(2)], fence=0),
        ]
        errors = [type(future.exception()) for future in outcomes]
        assert errors == [type(None), StaleOwner, type(None), type(None)]

    def test_nobody_claims_an_unknown_run(self, store: Store) -> None:
        with pytest.raises(UnknownRun):
            store.claim_run("none-such", owner="kernel a", fence=1)


class TestBlobs:
    @pytest.mark.parametrize("data", [b"", b"abc", b"\0" * 1_000_000])
    def test_bytes_come_back_under_their_hash(self, store: Store, data: bytes) -> None:
        blob = store.put_blob(data)
        assert blob == hashlib.sha256(data).hexdigest() == store.put_blob(data)
        assert store.get_blob(blob) == data

    @pytest.mark.parametrize("blob", ["0" * 64, "", "../../etc/passwd", "é"])
    def test_what_is_not_there_is_told(self, store: Store, blob: str) -> None:
        with pytest.raises(StoreError):
            store.get_blob(blob)

    def test_bytes_may_come_and_go_in_parts(self, store: Store) -> None:
        parts = [b"abc", b"", b"\0" * 9_000_000, b"d"]
        blob = store.write_blob(iter(parts))
        assert blob == hashlib.sha256(b"".join(parts)).hexdigest()
        assert blob == store.write_blob(parts) == store.put_blob(b"".join(parts))
        assert b"".join(store.read_blob(blob)) == b"".join(parts)
        assert store.write_blob([]) == store.put_blob(b"")

    def test_what_breaks_off_leaves_nothing(self, store: Store) -> None:
        def broken() -> Iterator[bytes]:
            yield b"abc"
            raise KeyError("the block failed")

        with pytest.raises(KeyError):
            store.write_blob(broken())
        assert not store.has_blob(hashlib.sha256(b"abc").hexdigest())

    def test_it_is_known_what_is_there(self, store: Store) -> None:
        assert store.has_blob(store.put_blob(b"abc"))
        assert not store.has_blob("0" * 64)
        assert not store.has_blob("../../etc/passwd")

    def test_threads_may_put_the_same_at_once(self, store: Store) -> None:
        data = b"\1" * 5_000_000
        blobs: list[str] = []
        threads = [
            threading.Thread(target=lambda: blobs.append(store.write_blob([data])))
            for _ in range(4)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(blobs)) == 1
        assert len(blobs) == 4
        assert store.get_blob(blobs[0]) == data

    def test_the_quota_is_not_exceeded(self, open_store: OpenStore) -> None:
        store = open_store(quota=1_000_000)
        first = store.put_blob(b"1" * 600_000)
        with pytest.raises(StorageFull, match="AGENTBENCH_QUOTA"):
            store.put_blob(b"2" * 600_000)
        with pytest.raises(StorageFull):
            store.write_blob([b"3" * 300_000] * 2)
        assert store.put_blob(b"1" * 600_000) == first, "what is there takes no more"
        swept_away(store)
        store.put_blob(b"2" * 600_000)


def swept_away(store: Store) -> tuple[int, int]:
    """How much goes when nothing is too young to go: in two steps at most."""
    swept = [store.sweep_blobs(age=0), store.sweep_blobs(age=0)]
    return sum(one.count for one in swept), sum(one.size for one in swept)


class TestTheSweep:
    def test_what_nothing_refers_to_is_taken(self, store: Store, run: str) -> None:
        used = store.put_blob(b"used")
        store.append(run, [stored(1, used)], fence=0).result()
        named = store.put_blob(b"named in a document")
        store.put_document(json.dumps({"constants": {"image": {"blob": named}}}))
        unused = [store.put_blob(b"12345"), store.put_blob(b"678")]
        assert swept_away(store) == (2, 8)
        assert store.get_blob(used) == b"used"
        assert store.get_blob(named) == b"named in a document"
        for blob in unused:
            with pytest.raises(StoreError, match="missing"):
                store.get_blob(blob)
        assert swept_away(store) == (0, 0)

    def test_what_was_put_lately_stays(self, store: Store) -> None:
        blob = store.put_blob(b"new")
        for _ in range(3):
            assert store.sweep_blobs().count == store.sweep_blobs(age=600).count == 0
        assert store.get_blob(blob) == b"new"

    def test_the_values_of_a_deleted_run_go(self, store: Store, run: str) -> None:
        store.create_run(record("other")).result()
        for name in (run, "other"):
            both = stored(1, store.put_blob(b"both"))
            own = stored(2, store.put_blob(name.encode()))
            store.append(name, [both, own], fence=0).result()
        store.delete_run(run)
        assert swept_away(store) == (1, len(run))
        assert [store.get_blob(e.value.blob) for e in store.events("other")] == [  # type: ignore[attr-defined]
            b"both",
            b"other",
        ]

    def test_a_value_in_use_again_is_not_taken(self, store: Store, run: str) -> None:
        blob = store.put_blob(b"again")
        store.sweep_blobs(age=0)
        blob = store.put_blob(b"again")
        store.append(run, [stored(1, blob)], fence=0).result()
        swept_away(store)
        assert store.get_blob(blob) == b"again"


class TestTheLibrary:
    def test_versions_count_up(self, store: Store) -> None:
        first = store.save_agent("brief", "one")
        second = store.save_agent("brief", "two", parent=first.hash)
        assert (first.number, first.parent) == (1, "")
        assert (second.number, second.parent) == (2, first.hash)
        assert store.versions("brief") == [second, first]
        assert store.agent("brief") == (second, "two")
        assert store.agent("brief", 1) == (first, "one")

    def test_the_same_document_is_one_version(self, store: Store) -> None:
        first = store.save_agent("brief", "one")
        assert store.save_agent("brief", "one") == first
        assert store.save_agent("brief", "one", parent="elsewhere") == first
        assert store.versions("brief") == [first]

    @pytest.mark.parametrize("parent", [None, "", "f00d"])
    def test_a_change_from_another_start_is_a_conflict(
        self, store: Store, parent: str | None
    ) -> None:
        first = store.save_agent("brief", "one")
        with pytest.raises(SaveConflict, match="nothing was saved"):
            store.save_agent("brief", "two", parent=parent)
        assert store.agent("brief") == (first, "one")

    def test_force_puts_a_version_on_top(self, store: Store) -> None:
        first = store.save_agent("brief", "one")
        second = store.save_agent("brief", "two", force=True)
        third = store.save_agent("brief", "one", parent=second.hash)
        assert [v.number for v in store.versions("brief")] == [3, 2, 1]
        assert third.hash == first.hash

    def test_of_two_who_save_at_once_one_is_told(self, store: Store) -> None:
        base = store.save_agent("brief", "base").hash
        outcomes: list[object] = []

        def save(document: str) -> None:
            try:
                outcomes.append(store.save_agent("brief", document, parent=base).number)
            except SaveConflict:
                outcomes.append("conflict")

        threads = [threading.Thread(target=save, args=(text,)) for text in "ab"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(outcomes, key=str) == [2, "conflict"]

    def test_agents_are_listed_by_name(self, store: Store) -> None:
        store.save_agent("zebra", "z")
        old = store.save_agent("ant", "a")
        new = store.save_agent("ant", "b", parent=old.hash)
        assert store.agents() == [new, store.versions("zebra")[0]]

    def test_what_was_never_saved_is_not_there(self, store: Store) -> None:
        store.save_agent("brief", "one")
        assert store.agent("none-such") is None
        assert store.agent("brief", 2) is None
        assert store.versions("none-such") == []

    def test_documents_are_kept_under_their_hash(self, store: Store) -> None:
        text = '{"title": "Grüße\\u0000 \N{SNOWMAN}"}\0'
        name = store.put_document(text)
        assert name == hashlib.sha256(text.encode()).hexdigest()
        assert store.put_document(text) == name
        assert store.document(name) == text
        saved = store.save_agent("brief", "one")
        assert store.document(saved.hash) == "one"

    def test_an_unknown_document_is_told(self, store: Store) -> None:
        with pytest.raises(StoreError, match="no document"):
            store.document("0" * 64)

    def test_half_a_character_is_no_document(self, store: Store) -> None:
        with pytest.raises(StoreError, match="no valid text"):
            store.save_agent("brief", "\ud800")
        assert store.agents() == []


class TestTheEnd:
    def test_closing_keeps_what_waits(self, store: Store, run: str) -> None:
        future = store.append(run, lines(1, 500), fence=0)
        store.close()
        assert future.done()
        assert future.exception() is None

    def test_closing_twice_is_no_error(self, store: Store) -> None:
        store.close()
        store.close()
        store.flush()

    def test_a_closed_store_takes_nothing(self, store: Store, run: str) -> None:
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.append(run, [line(1)], fence=0).result()
        with pytest.raises(StoreError, match="closed"):
            store.save_agent("brief", "one")

    def test_a_sound_store_has_nothing_to_tell(self, store: Store) -> None:
        assert store.notices == []

    def test_it_is_there_when_opened_again(self, open_store: OpenStore) -> None:
        first = open_store()
        if first.url == "memory:":
            pytest.skip("it outlives nothing, and says so")
        first.create_run(record("run-1")).result()
        first.append("run-1", lines(1, 3), fence=0)
        blob = first.put_blob(b"abc")
        saved = first.save_agent("brief", "one")
        first.close()
        again = open_store()
        assert again.events("run-1") == lines(1, 3)
        assert again.get_blob(blob) == b"abc"
        assert again.agents() == [saved]
        assert again.notices == []


async def test_a_coroutine_waits_at_the_future(store: Store, run: str) -> None:
    """It is never held up in `append`, and holds no more than it awaits."""
    texts = "x" * 10_000
    for first in range(1, 4_001, 100):
        batch = [line(seq, texts) for seq in range(first, first + 100)]
        await asyncio.wrap_future(store.append(run, batch, fence=0))
    assert store.run(run).last_seq == 4_000
