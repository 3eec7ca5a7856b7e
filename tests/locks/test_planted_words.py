"""T50: what somebody wrote straight into a lock server's channels and keys is words, or nothing."""

import asyncio
import os
import pickle  # noqa: TID251 - it is what must do nothing
from pathlib import Path
from typing import Any

import pytest
import redis

from tests.locks.gear import Open, queued


class Planted:
    """Makes a folder when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self._place = str(place)

    def __reduce__(self) -> Any:
        return os.mkdir, (self._place,)


WORDS: list[bytes] = [
    b"", b"[", b"null", b"[1, 2]", b'["x", "y", "z"]', b"[[], {}, []]", b"\xff\xfe\x80",
    b"[" * 100_000, b'{"lc": 1, "id": ["os", "mkdir"]}', b"9" * 10_000,
    b"!!python/object/apply:os.mkdir [canary]",
]  # fmt: skip


@pytest.mark.parametrize("is_pickle", [False, True])
async def test_t50_what_is_planted_in_a_channel_wakes_nobody_and_stops_nothing(
    open_locks: Open, url: str, namespace: str, tmp_path: Path, is_pickle: bool
) -> None:
    canary = tmp_path / "canary"
    ours, theirs = open_locks(lease=30), open_locks(lease=30)
    lease = await ours.acquire("key", owner="holder")
    async with queued(theirs, "waiter") as waiting:
        with redis.Redis.from_url(url) as admin:
            channels = admin.pubsub_channels(f"{namespace}*")
            assert channels
            words = [pickle.dumps(Planted(canary))] if is_pickle else WORDS
            assert admin.publish(channels[0], words[0]) >= 1  # somebody listens
            for channel in channels:
                for word in words:
                    admin.publish(channel, word)
        await asyncio.sleep(0)
        assert not waiting.done()
        await lease.release()
        taken = await asyncio.wait_for(waiting, 60)
        await taken.release()
    assert not canary.exists()
