"""Calls: blocks of AutoGPT's that are one call of somebody's HTTP API, in a line or two.

    _API = Api("https://api.example.com/v1")

    "ExampleListBlock": _API.get("/lists/{list_id}/items", "limit page<page_number",
                                 "items; item*<items; total<meta.total")

The path names inputs in braces, with a form after a colon where one has to be read first
(`FORMS`). What is sent is `name`, `theirs<input`, `theirs.inner<input`; a `?` before it puts
it in the address of a call that has a body. What is given is `output<where`, where it is in
the answer as JMESPath (the output's own name where none is said), `output*<where` each item
of a list by itself, `output=input` what was taken in. What is empty is neither sent nor given.
"""

import asyncio
import functools
import importlib
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit

from agentbench.domain.block import Effects
from agentbench.domain.credential import placeholder
from agentbench.domain.errors import InputError
from agentbench.formats.autogpt.block import Does, Given, Stream
from agentbench.formats.base import Native

_FAULT = "error.message || message || error_message || detail || errors[0].message || errors[0].detail || error || errors"
_GIVEN = re.compile(r"\{(\w+)(?::(\w+))?\}")
_NOTHING: tuple[Any, ...] = (None, "", [], {})

Form = Callable[[str], str]
FORMS: dict[str, Form] = {"path": lambda text: quote(text.strip("/"), safe="/")}
"""How an input is written in a path; without one, every sign that means something is escaped."""


class CallRefused(ConnectionError):
    """The API answered, but not with success."""

    def __init__(self, method: str, url: str, status: int, said: str) -> None:
        self.status = status
        super().__init__(
            f"{method} {url} answered {status}{': ' + said if said else '.'}"
        )


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What goes along with a call: in its address, and in its body."""

    params: Mapping[str, Any] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Api:
    """An HTTP API: its address, and the header in which it wants the credential.

    Without a `scheme` the secret stands in `header` alone; without a `header` it goes
    where the kind of the credential says (a user's password as HTTP has it). `secret` is
    the input that names the credential; `fault` where an answer says what is wrong.
    """

    base: str
    header: str = "authorization"
    scheme: str = "Bearer"
    headers: tuple[tuple[str, str], ...] = ()
    in_query: str = ""
    """The parameter that carries the secret, of APIs that know no header for it."""
    secret: str = "credentials"  # noqa: S105 - the name of an input
    form: bool = False
    """Whether bodies go as forms, not as JSON."""
    fault: str = _FAULT

    @property
    def host(self) -> str:
        """Where the credential goes."""
        return urlsplit(self.base).hostname or ""

    def get(self, path: str, sends: str = "", gives: str = "", **more: Any) -> Does:
        """A call that reads."""
        return self.does("GET", path, sends, gives, **more)

    def post(self, path: str, sends: str = "", gives: str = "", **more: Any) -> Does:
        """A call that changes something there; say `effects="reads"` where it does not."""
        return self.does("POST", path, sends, gives, **more)

    def put(self, path: str, sends: str = "", gives: str = "", **more: Any) -> Does:
        """Likewise."""
        return self.does("PUT", path, sends, gives, **more)

    def patch(self, path: str, sends: str = "", gives: str = "", **more: Any) -> Does:
        """Likewise."""
        return self.does("PATCH", path, sends, gives, **more)

    def delete(self, path: str, sends: str = "", gives: str = "", **more: Any) -> Does:
        """Likewise; what is sent stands in the address."""
        return self.does("DELETE", path, sends, gives, **more)

    def does(
        self,
        method: str,
        path: str,
        sends: str = "",
        gives: str = "",
        *,
        also: Mapping[str, Any] | None = None,
        effects: Effects | None = None,
        where: str = "",
        taken: Callable[[Given], Mapping[str, Any]] | None = None,
        read: Callable[[Any, Given], Any] | None = None,
    ) -> Does:
        """A block that is this call.

        `also` is sent each time; `where` says where what is sent goes, `query` or `body`,
        if not where the method has it; `taken` makes more of what came in, to be sent by name;
        `read` makes of the answer what is given.
        """
        more = dict(also or {})
        reads = method in ("GET", "DELETE", "HEAD")
        where = where or ("query" if reads else "body")

        async def call(given: Given, native: Native) -> Stream:
            known = {**given, **taken(given)} if taken else given
            sent = sent_of(sends, known, more, where)
            answer = await self.ask(native, given, method, written(path, known), sent)
            for pair in given_of(gives, read(answer, known) if read else answer, known):
                yield pair

        return self.block(call, effects or ("reads" if method == "GET" else "sends"))

    def block(self, function: Callable[..., Any], effects: Effects = "sends") -> Does:
        """A block of own code that calls this API."""
        return Does(function=function, effects=effects, hosts=(self.host,))

    async def ask(
        self,
        native: Native,
        given: Given,
        method: str,
        path: str,
        sent: Sent | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        files: Mapping[str, Any] | None = None,
        timeout: float = 60.0,
        once: str = "",
    ) -> Any:
        """What the API answers, as values; `path` may be a whole address of its own host.

        `once` names a step that is not sent again when the firing begins again: what starts
        something there, or is one of several that change something.

        Raises:
            InputError: no credential is named.
            CallRefused: it answered, but not with success.
            ConnectionError: it did not answer, or may not be asked.
        """
        if once:
            ask = functools.partial(
                self.ask, native, given, method, path, sent,
                headers=headers, files=files, timeout=timeout,
            )  # fmt: skip
            return await native.context.once(once, ask)
        sent = sent or Sent()
        url = path if "://" in path else self.base + path
        name = str(given.get(self.secret) or "")
        if not name and self.secret in given:
            raise InputError(
                self.secret, f"is empty: name the credential for {self.host}."
            )
        params, said = dict(sent.params), dict(self.headers) | dict(headers or {})
        if name and self.in_query:
            # The door knows a secret that was revealed, and lets it go to its own hosts only.
            params[self.in_query] = (
                await native.context.credential(name)
            ).secret.reveal()
            name = ""
        elif name and self.header:
            said[self.header] = f"{self.scheme} {placeholder(name)}".strip()
        uploads = (
            {"files": list((files or {}).values()), "files_name": next(iter(files))}
            if files
            else {}
        )
        answer = await native.all(
            "web.request", method=method, url=url, body=sent.body, params=params,
            headers=said, credential=name, as_json=not self.form, timeout=timeout, **uploads,
        )  # fmt: skip
        status = answer.pop("status")
        [value] = answer.values()
        if not 200 <= status < 300:
            raise CallRefused(method, url.partition("?")[0], status, self._said(value))
        return value

    async def graph(
        self, native: Native, given: Given, query: str, **variables: Any
    ) -> Any:
        """What a query of GraphQL gives.

        Raises:
            CallRefused: it has a mistake, or asks for what is not there.
        """
        body = {"query": query, "variables": variables}
        answer = await self.ask(native, given, "POST", "/graphql", Sent(body=body))
        if answer.get("errors"):
            said = answer["errors"][0].get("message", "")
            raise CallRefused("POST", f"{self.base}/graphql", 200, said)
        return answer["data"]

    def _said(self, answer: Any) -> str:
        found = picked(self.fault, answer) if isinstance(answer, Mapping) else answer
        return (
            " ".join(found.split())[:300]
            if isinstance(found, str)
            else str(found or "")[:300]
        )


def written(path: str, given: Given) -> str:
    """A path with what was taken in in its place, escaped.

    Raises:
        ValueError: an input that the path needs is empty.
    """

    def put(found: re.Match[str]) -> str:
        name, form = found[1], found[2]
        value = given.get(name)
        if value in _NOTHING:
            raise ValueError(f"{name!r} is empty.")
        return FORMS[form](str(value)) if form else quote(str(value), safe="")

    return _GIVEN.sub(put, path)


def sent_of(
    sends: str, given: Given, also: Mapping[str, Any] | None = None, where: str = "body"
) -> Sent:
    """What goes along with a call, by the words that say it."""
    params: dict[str, Any] = {}
    body: dict[str, Any] = {}
    for word in sends.split():
        theirs, _, name = word.partition("<")
        value = given.get(name or theirs.removeprefix("?"))
        if value in _NOTHING:
            continue
        if theirs[0] == "?" or where == "query":
            params[theirs.removeprefix("?")] = value
        else:
            _put(body, theirs, value)
    for theirs, value in (also or {}).items():
        if where == "query":
            params[theirs] = value
        else:
            _put(body, theirs, value)
    flat = {key: _plain(value) for key, value in params.items()}
    return Sent(params=flat, body=body or None if where == "query" else body)


def _put(into: dict[str, Any], theirs: str, value: Any) -> None:
    *outer, last = theirs.split(".")
    for key in outer:
        into = into.setdefault(key, {})
    into[last] = value


def _plain(value: Any) -> Any:
    """A parameter as text: true and false in small letters, a list with commas."""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, list) else value


def given_of(gives: str, answer: Any, given: Given) -> Iterator[tuple[str, Any]]:
    """What a block gives of an answer, by the words that say it."""
    for said in filter(None, map(str.strip, gives.split(";"))):
        found = re.match(r"(\w+)(\*?)(?:([<=])(.*))?$", said, re.DOTALL)
        if found is None:
            raise SyntaxError(f"{said!r} says no output.")
        name, each, sign, where = found.groups()
        value = given.get(where) if sign == "=" else picked(where or name, answer)
        if value is None:
            continue
        for one in value if each else [value]:
            yield name, one


def picked(where: str, answer: Any) -> Any:
    """What lies somewhere in an answer; None where nothing does."""
    jmespath = importlib.import_module("jmespath")  # only where a call is made

    try:
        return jmespath.search(where, answer)
    except jmespath.exceptions.JMESPathError:
        return None


async def pages(
    ask: Callable[[Mapping[str, Any]], Any],
    items: str,
    next_: str,
    param: str,
    most: int,
) -> list[Any]:
    """The items of several answers, each asked for with what the one before named."""
    found: list[Any] = []
    more: dict[str, Any] = {}
    while len(found) < most:
        answer = await ask(more)
        part = picked(items, answer) or []
        found += part
        cursor = picked(next_, answer)
        if not cursor or not part:
            break
        more = {param: cursor}
    return found[:most]


async def until(
    ask: Callable[[], Any],
    done: Callable[[Any], bool],
    *,
    every: float,
    most: float,
) -> AsyncIterator[tuple[Any, float]]:
    """Asks again and again until an answer says it is done: each answer, and the seconds so far.

    Raises:
        TimeoutError: it was not within `most` seconds.
    """
    passed = 0.0
    while True:
        answer = await ask()
        yield answer, passed
        if done(answer):
            return
        if passed + every > most:
            raise TimeoutError(f"It was not done within {most:g} s.")
        # Not `context.sleep`: that parks a firing, which then asks from the beginning, and
        # what was started must be a step made once anyway: that alone outlives a crash.
        await asyncio.sleep(every)
        passed += every
