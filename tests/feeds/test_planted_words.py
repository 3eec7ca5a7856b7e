"""T50: what somebody wrote straight into a server's streams is read as words, or not at all."""

import json
import os
import pickle  # noqa: TID251 - it is what must do nothing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from agentbench.embedded.valkey import ValkeyServer
from agentbench.feeds.redis import RedisFeed
from agentbench.stores.sqlite import SqliteStore
from tests.feeds.gear import Ear, begin, tell


class Planted:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self._place = str(place)

    def __reduce__(self) -> Any:
        return os.mkdir, (self._place,)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ValkeyServer(tmp_path_factory.mktemp("s")) as server:
        yield server.start()


def payloads(canary: Path) -> list[bytes]:
    told = {"lc": 1, "id": ["os", "mkdir"], "kwargs": {"path": str(canary)}}
    return [
        pickle.dumps(Planted(canary)),
        pickle.dumps(Planted(canary), protocol=0),
        json.dumps(told).encode(),
        f"!!python/object/apply:os.mkdir [{str(canary)!r}]".encode(),
        b"\xff\xfe\x00\x80" * 50,
        b"9" * 10_000,
        b"nan",
        b"1e400",
        b"-1",
        b"\xed\xa0\x80",
        b"",
        b"[" * 100_000,
    ]


def test_t50_what_is_planted_in_a_stream_is_no_live_object(
    url: str, tmp_path: Path
) -> None:
    canary = tmp_path / "canary"
    store = SqliteStore(f"sqlite:///{tmp_path / 'a.db'}")
    begin(store, "a")
    hears, tells = RedisFeed(url, log=store), RedisFeed(url, log=store)
    ear, all_runs = Ear(), Ear()
    with redis.Redis.from_url(url) as admin:
        hears.listen(ear, run="a")
        hears.listen(all_runs, agent="counting")
        tell(tells, store, "a")
        ear.wait_for("a", 1)
        streams = [
            it for it in admin.scan_iter("*feed*") if admin.type(it) == b"stream"
        ]
        assert streams
        for payload in payloads(canary):
            for stream in streams:
                whole = dict.fromkeys(("node", "firing", "done", "total"), payload)
                for words in (
                    {"by": "x", "run": "a", "seq": payload},
                    {"by": "x", "run": payload, "seq": 1},
                    {"by": payload, "run": "a", "held": payload},
                    {"by": "x", "run": "a", **whole},
                    {payload or b"x": payload},
                ):
                    admin.xadd(stream, words)
        tell(tells, store, "a", 3)
        assert ear.wait_for("a", 4) == [1, 2, 3, 4]
        assert all_runs.wait_for("a", 4) == [1, 2, 3, 4]
    assert not canary.exists()
    pickle.loads(payloads(canary)[0])
    assert canary.exists(), "else nothing was tried"
    hears.close()
    tells.close()
    store.close()
