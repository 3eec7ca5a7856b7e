"""Machines of E2B, on which programs run; they live on between nodes.

Facts: e2b.dev/docs/api-reference (sandboxes; process.Process/Start, by the Connect protocol,
whose messages stand in envelopes of a byte and a length), and the code interpreter's own
`/execute` at port 49999, which answers with a line of JSON for each thing that happens.
"""

import base64
import json
import shlex
import struct
import uuid
from collections.abc import Iterator, Mapping
from typing import Any

from agentbench.formats.autogpt.block import Does, Given, Stream, Work
from agentbench.formats.autogpt.calls.call import Api, CallRefused, Sent
from agentbench.formats.base import Native

_API = Api("https://api.e2b.app", header="x-api-key", scheme="")
_CLAUDE = Api(
    "https://api.e2b.app",
    header="x-api-key",
    scheme="",
    secret="e2b_credentials",  # noqa: S106
)
_INTERPRETER, _CLAUDE_CODE = "code-interpreter-v1", "claude"
_PORTS = {"execute": 49999, "process": 49983}
_FILES = 50
"""The most files that are taken home of a machine."""


class _Machine:
    """One machine, and the token that its own servers want."""

    def __init__(
        self, api: Api, given: Given, native: Native, facts: Mapping[str, Any]
    ) -> None:
        self._api, self._given, self._native = api, given, native
        self.id = str(facts["sandboxID"])
        if facts.get("clientID") and "-" not in self.id:  # of the time before 2025
            self.id = f"{self.id}-{facts['clientID']}"
        self._domain = facts.get("domain") or "e2b.app"
        self._token = facts.get("envdAccessToken") or ""

    async def run_code(
        self, code: str, language: Any, timeout: float
    ) -> dict[str, Any]:
        """What a program gives, says, and fails of."""
        name = str(language or "python").lower()
        body = {"code": code, "language": name}
        text = await self._ask(
            "execute", "/execute", json.dumps(body), "application/json", timeout
        )
        return _executed(_lines(text))

    async def run(
        self,
        command: str,
        timeout: float,
        envs: Mapping[str, str] | None = None,
        folder: str = "",
    ) -> str:
        """What a command of the shell writes.

        Raises:
            RuntimeError: it ended with another code than 0.
        """
        process: dict[str, Any] = {
            "cmd": "/bin/bash",
            "args": ["-l", "-c", command],
            "envs": dict(envs or {}),
        }
        if folder:
            process["cwd"] = folder
        message = json.dumps({"process": process, "stdin": False}).encode()
        sent = struct.pack(">BI", 0, len(message)) + message
        answer = await self._ask(
            "process",
            "/process.Process/Start",
            sent,
            "application/connect+json",
            timeout,
        )
        written, errors, code = "", "", 0
        for event in _envelopes(answer):
            if event.get("error"):
                raise RuntimeError(
                    f"E2B: {event['error'].get('message', event['error'])}"
                )
            part = event.get("event") or {}
            data = part.get("data") or {}
            written += base64.b64decode(data.get("stdout", "")).decode(
                "utf-8", "replace"
            )
            errors += base64.b64decode(data.get("stderr", "")).decode(
                "utf-8", "replace"
            )
            code = (part.get("end") or {}).get("exitCode", code)
        if code:
            raise RuntimeError(
                f"{command[:60]!r} ended with {code}: {(errors or written)[-300:]}"
            )
        return written

    async def end(self) -> None:
        """Gives the machine back."""
        await self._api.ask(
            self._native, self._given, "DELETE", f"/sandboxes/{self.id}"
        )

    async def _ask(
        self, port: str, path: str, body: Any, kind: str, timeout: float
    ) -> bytes:
        url = f"https://{_PORTS[port]}-{self.id}.{self._domain}{path}"
        headers = {"content-type": kind, "connect-protocol-version": "1"}
        if self._token:
            headers["x-access-token"] = self._token
        self._native.refuse_off("web.request")
        answer = await self._native.context.outbound.request(
            "POST", url, headers=headers, body=body, timeout=timeout
        )
        if not answer.is_success:
            raise CallRefused("POST", url, answer.status, answer.text[:300])
        return answer.content


async def _started(
    api: Api, given: Given, native: Native, template: str, timeout: int
) -> _Machine:
    body = {"templateID": template, "timeout": max(15, timeout)}
    facts = await api.ask(
        native, given, "POST", "/sandboxes", Sent(body=body), once="machine"
    )
    return _Machine(api, given, native, facts)


async def _known(
    api: Api, given: Given, native: Native, timeout: int = 300
) -> _Machine:
    place = f"/sandboxes/{given['sandbox_id']}/connect"
    facts = await api.ask(native, given, "POST", place, Sent(body={"timeout": timeout}))
    return _Machine(api, given, native, facts)


def _lines(content: bytes) -> Iterator[dict[str, Any]]:
    for line in content.decode("utf-8", "replace").splitlines():
        if line.strip():
            yield json.loads(line)


def _envelopes(content: bytes) -> Iterator[dict[str, Any]]:
    place = 0
    while place + 5 <= len(content):
        _, size = struct.unpack(">BI", content[place : place + 5])
        yield json.loads(content[place + 5 : place + 5 + size] or b"{}")
        place += 5 + size


def _executed(events: Iterator[dict[str, Any]]) -> dict[str, Any]:
    done: dict[str, Any] = {"results": [], "stdout": "", "stderr": "", "main": None}
    for event in events:
        kind = event.pop("type", "")
        if kind in ("stdout", "stderr"):
            done[kind] += event.get("text", "")
        elif kind == "result":
            is_main = event.pop("is_main_result", False)
            done["results"].append(event)
            done["main"] = event if is_main else done["main"]
        elif kind == "error":
            raise RuntimeError(
                f"{event.get('name')}: {event.get('value')}\n{event.get('traceback', '')}".strip()
            )
    return done


def _given_of(done: Mapping[str, Any], *, whole: bool) -> Iterator[tuple[str, Any]]:
    if whole:
        if done["main"] is not None:
            yield "main_result", done["main"]
        yield "results", done["results"]
    text = (done["main"] or {}).get("text")
    if text:
        yield "response", text
    if done["stdout"]:
        yield "stdout_logs", done["stdout"]
    if done["stderr"]:
        yield "stderr_logs", done["stderr"]


async def instantiate(given: Given, native: Native) -> Stream:
    """Starts a machine that stays, and runs a program on it."""
    timeout = given["timeout"]
    machine = await _started(
        _API, given, native, given["template_id"] or _INTERPRETER, timeout
    )
    for command in given["setup_commands"]:
        await machine.run(str(command), timeout)
    yield "sandbox_id", machine.id
    if given["setup_code"]:
        done = await machine.run_code(given["setup_code"], given["language"], timeout)
        for pair in _given_of(done, whole=False):
            yield pair


async def step(given: Given, native: Native) -> Stream:
    """Runs a program on a machine that was started before."""
    machine = await _known(_API, given, native)
    done = await machine.run_code(given["step_code"], given["language"], 300)
    for pair in _given_of(done, whole=True):
        yield pair
    if given["dispose_sandbox"]:
        await machine.end()


async def claude_code(given: Given, native: Native) -> Stream:
    """Has Claude Code work on a machine; its key goes there, so it has to be for that host."""
    timeout, folder = given["timeout"], given["working_directory"] or "/home/user"
    credential = await native.context.credential(
        str(given["anthropic_credentials"] or "anthropic")
    )
    if given["sandbox_id"]:
        machine = await _known(_CLAUDE, given, native, timeout)
    else:
        machine = await _started(_CLAUDE, given, native, _CLAUDE_CODE, timeout)
    try:
        for command in given["setup_commands"]:
            await machine.run(str(command), timeout, folder=folder)
        prompt = str(given["prompt"])
        if given["conversation_history"] and not given["session_id"]:
            prompt = f"This was said before:\n{given['conversation_history']}\n\nNow: {prompt}"
        session = (
            f" --resume {shlex.quote(given['session_id'])}"
            if given["session_id"]
            else ""
        )
        command = f"claude -p {shlex.quote(prompt)} --output-format json --dangerously-skip-permissions{session}"
        mark = f"/tmp/{uuid.uuid4().hex}"  # noqa: S108 - there, not here
        envs = {"ANTHROPIC_API_KEY": credential.secret.reveal()}
        said = await machine.run(f"touch {mark}; {command}", timeout, envs, folder)
        found = _json_of(said)
        yield "response", found.get("result", said)
        yield "files", await _new_files(machine, folder, mark)
        before = (
            f"{given['conversation_history']}\n\n"
            if given["conversation_history"]
            else ""
        )
        yield (
            "conversation_history",
            f"{before}User: {given['prompt']}\n\nClaude: {found.get('result', said)}",
        )
        yield "session_id", found.get("session_id", "")
        if not given["dispose_sandbox"]:
            yield "sandbox_id", machine.id
    finally:
        if given["dispose_sandbox"]:
            await machine.end()


def _json_of(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _new_files(machine: _Machine, folder: str, mark: str) -> list[dict[str, str]]:
    """The text files of a folder that are newer than a mark."""
    where = shlex.quote(folder)
    listed = await machine.run(
        f"find {where} -type f -newer {mark} -size -200k -not -path '*/.*' -not -path '*/node_modules/*'"
        f" | head -{_FILES}", 60,
    )  # fmt: skip
    found = []
    for path in filter(None, listed.splitlines()):
        content = await machine.run(f"cat {shlex.quote(path)}", 60)
        name = path.rsplit("/", maxsplit=1)[-1]
        relative = path.removeprefix(folder.rstrip("/") + "/")
        found.append(
            {"path": path, "relative_path": relative, "name": name, "content": content}
        )
    return found


def _coded(api: Api, function: Any) -> Does:
    return Does(
        function=function,
        effects="sends",
        hosts=(api.host, "*.e2b.app"),
        carries_code=True,
    )


MACHINES: Mapping[str, Work] = {
    "InstantiateCodeSandboxBlock": _coded(_API, instantiate),
    "ExecuteCodeStepBlock": _coded(_API, step),
    "ClaudeCodeBlock": _coded(_CLAUDE, claude_code),
}
