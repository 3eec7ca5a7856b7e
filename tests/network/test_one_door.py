"""T44, the lint: nobody but the door has a way to the network."""

import ast
from collections.abc import Iterator
from pathlib import Path

import agentbench

PACKAGE = Path(agentbench.__file__).parent

CLIENTS = {
    "aiohttp", "aiosmtplib", "anyio", "boto3", "botocore", "curl_cffi", "ddgs", "feedparser",
    "ftplib", "grpc", "h11", "h2", "http.client", "http.server", "httpcore", "httpcore2",
    "httpx", "httpx2", "imaplib", "mechanize", "niquests", "nntplib", "paramiko", "poplib",
    "primp", "psycopg", "pycurl", "redis", "requests", "smtplib", "socket", "socketserver",
    "sqlalchemy", "ssl", "telnetlib", "tornado", "treq", "urllib.request", "urllib3", "webbrowser",
    "websocket", "websockets", "xmlrpc", "zmq",
}  # fmt: skip
"""What can open a connection, or be made to."""

CALLS = {
    "create_connection", "create_datagram_endpoint", "create_server", "getaddrinfo",
    "open_connection", "sock_connect", "start_server", "urlopen", "urlretrieve",
}  # fmt: skip
"""Ways of asyncio and of the standard library that need no such import."""

HOMES = {
    "network": CLIENTS,  # the door
    "embedded": {"socket"},  # our own server, on a socket of the file system
    "blocks/database.py": {
        "psycopg"
    },  # dials the one address that the door has checked
    "blocks/mail": {"ssl"},  # TLS over a connection that the door made
    "workers": {"socket"},  # pairs of sockets with our own children
    "locks/redis": {"redis"},  # the server that a setting names
    "feeds/redis": {"redis"},
    "stores/postgresql": {"sqlalchemy"},
    "llm/adapter.py": {"httpx2"},  # the kind of client that the door is to make
    "mcp_servers/calls.py": {"anyio"},  # its errors, as the SDK raises them
    "mcp_servers/connection.py": {"httpx2"},  # as for models
    "oauth/landing.py": {"h11", "start_server"},  # a browser comes to it, for a while
    "server/loopback.py": {
        "socket"
    },  # listens, where somebody asks to, on loopback only
    "workbench/parts.py": {"socket"},  # gethostname
}
"""Who may import what, and why that is no way round the door."""


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Call):  # importlib.import_module("…"), library("…")
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield str(argument.value)


def _client(name: str) -> str:
    parts = name.split(".")
    starts = {".".join(parts[:n]) for n in range(1, len(parts) + 1)}
    return next(iter(starts & CLIENTS), "")


def _found(path: Path, text: str) -> set[str]:
    tree = ast.parse(text)
    place = path.relative_to(PACKAGE).as_posix()
    open_to = set().union(
        *(names for home, names in HOMES.items() if place.startswith(home))
    )
    found = {client for name in _imports(tree) if (client := _client(name))}
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    is_door = place.startswith("network/")
    return (found | (set() if is_door else called & CALLS)) - open_to


def test_t44_no_other_room_has_a_way_to_the_network() -> None:
    paths = list(PACKAGE.rglob("*.py"))
    assert len(paths) > 200
    found = {str(path): _found(path, path.read_text()) for path in paths}
    assert {path: names for path, names in found.items() if names} == {}


def test_the_lint_sees_what_it_looks_for() -> None:
    place = PACKAGE / "blocks" / "new.py"
    for line, name in (
        ("import requests", "requests"),
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("def f():\n    from httpx import AsyncClient", "httpx"),
        ("importlib.import_module('aiohttp')", "aiohttp"),
        ("import socket as s", "socket"),
        ("loop.create_connection(x)", "create_connection"),
    ):
        assert _found(place, line) == {name}, line
    assert _found(PACKAGE / "network" / "new.py", "import httpx") == set()


def test_every_exception_is_still_needed() -> None:
    for home, names in HOMES.items():
        place = PACKAGE / home
        paths = [place] if place.suffix else list(place.rglob("*.py"))
        used = {
            _client(name)
            for path in paths
            for name in _imports(ast.parse(path.read_text()))
        }
        assert used & names, home
