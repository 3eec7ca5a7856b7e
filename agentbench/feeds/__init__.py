"""Feeds: live delivery of events; a file or package is a backend, named like its URL scheme.

To add one, write `feeds/<scheme>.py` with a class that keeps the promises of
`agentbench.domain.feed`, and list it here; `tests/conformance/test_feed.py` then holds
it to them.
"""

BACKENDS: dict[str, str] = {
    "local": "agentbench.feeds.local:LocalFeed",
    "redis": "agentbench.feeds.redis:RedisFeed",
    "rediss": "agentbench.feeds.redis:RedisFeed",
    "unix": "agentbench.feeds.redis:RedisFeed",
}
"""URL scheme to "module:Class"; the class takes the URL and the log of the runs."""
