"""Feeds: live delivery of events; a file is a backend.

To add one, write `feeds/<scheme>.py` with a class that keeps the promises of
`agentbench.domain.feed`, and list it here; `tests/conformance/test_feed.py` then holds
it to them.
"""

BACKENDS: dict[str, str] = {"local": "agentbench.feeds.local:LocalFeed"}
"""URL scheme to "module:Class"."""
