"""A feed over a Redis-protocol server: runs of other kernels are heard live.

The server carries notices only: "run X has events up to number N", and how far a firing
is. No value, text or name of a user is in them; who hears one reads the events from the
store, whose log is the truth. So a notice may be lost, late or double, and the server
may forget everything: all that suffers is speed, until the next look at the log.

`feed.py` is the public face. Two threads stand behind it, each with one connection:
`outgoing.py` sends notices, `incoming.py` hears them. `notices.py` says what they are.
"""

from agentbench.feeds.redis.feed import RedisFeed

__all__ = ["RedisFeed"]
