"""Rates on a Redis-protocol server: shared by every kernel that reaches it.

What is kept for a key, under the namespace, both for as long as they matter:

    rate:<key>       zset    what was taken, `<entry>:<units>`, by when (ms) it may be used
    rate-seen:<key>  string  the latest time (ms) that the server has seen for it
"""

import asyncio
import math
import os
from typing import Any

from agentbench.domain.errors import LockBackendDown
from agentbench.domain.rate import Rate
from agentbench.locks.base import WaitingRates
from agentbench.locks.redis.calls import Calls
from agentbench.locks.redis.scripts import Script
from agentbench.locks.redis.wire import Wire, load_library, without_password

KEEP = 30.0
"""Seconds that giving back is tried; then what was taken just grows old."""

RESERVE = Script(
    """
local taken, seen = KEYS[1], KEYS[2]
local entry, units, limit = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local span, most = tonumber(ARGV[4]), tonumber(ARGV[5])
local member = entry .. ':' .. units
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local back = tonumber(redis.call('GET', seen) or now) - now
if back > 0 then
  -- The server's clock was set back, and what was taken goes back with it: nobody
  -- waits for the clock to get there again.
  local all = redis.call('ZRANGE', taken, 0, -1, 'WITHSCORES')
  for n = 1, #all, 2 do
    redis.call('ZADD', taken, all[n + 1] - back, all[n])
  end
end
redis.call('ZREMRANGEBYSCORE', taken, '-inf', now - span)

local at = redis.call('ZSCORE', taken, member)
if at then  -- asked again, because the answer was lost
  return math.max(0, at - now)
end
at = now
local used = units
local newest = redis.call('ZREVRANGE', taken, 0, limit, 'WITHSCORES')
for n = 1, #newest, 2 do
  at = math.max(at, tonumber(newest[n + 1]))
  used = used + tonumber(string.match(newest[n], '%d+$'))
  if used > limit then
    at = math.max(at, newest[n + 1] + span)
    break
  end
end
if at - now <= most then
  redis.call('ZADD', taken, at, member)
end
local lives = math.max(1, math.ceil(at - now + span))
redis.call('PEXPIRE', taken, lives)
redis.call('SET', seen, now, 'PX', lives)
return at - now
"""
)
"""Takes units; returns in how many ms they may be used, nothing taken if above `most`.

Arguments: entry, units, limit, span (ms), most (ms).
"""


class RedisRates(WaitingRates):
    """Rates for all who reach one server and use one namespace."""

    def __init__(
        self, url: str, *, namespace: str = "agentbench", patience: float = 5.0
    ) -> None:
        self.url = without_password(url)
        self._namespace, self._patience = namespace, patience
        self._process = os.getpid()
        self._is_closed = self._is_loaded = False
        self._calls = Calls(Wire(url, timeout=1.0), where=self.url, keep=KEEP)

    async def close(self) -> None:
        self._is_closed = True
        self._calls.close()
        await asyncio.to_thread(self._calls.join, 2.0)

    async def _reserve(
        self, key: str, entry: str, rate: Rate, units: int, most: float
    ) -> float:
        if self._is_closed or self._process != os.getpid():
            raise LockBackendDown(self.url, "it was closed, or opened before a fork")
        if not self._is_loaded:
            await asyncio.to_thread(load_library)
            self._is_loaded = True
        names = [f"{self._namespace}:{kind}:{key}" for kind in ("rate", "rate-seen")]
        words = (units, rate.limit, math.ceil(rate.span * 1000), _ms(most))
        command: list[Any] = [RESERVE, len(names), *names, entry, *words]
        answer = await self._calls.ask(command, wait=self._patience)
        return float(answer) / 1000

    def _give_back(self, key: str, entry: str, units: int) -> None:
        if not self._is_closed:
            name = f"{self._namespace}:rate:{key}"
            self._calls.post(("ZREM", name, f"{entry}:{units}"))


def _ms(seconds: float) -> int:
    """For Lua, which counts exactly to here."""
    return 2**53 if seconds == math.inf else math.floor(seconds * 1000)
