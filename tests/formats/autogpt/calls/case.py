"""Case: a block that calls an API: what it is given, what is asked of whom, what it gives."""

import json
from dataclasses import dataclass
from typing import Any

from agentbench.formats.autogpt.catalogue import entries
from agentbench.workbench.workbench import workbench
from tests.blocks.apis import Apis


@dataclass
class Case:
    """`asked` are lines `METHOD path?query body`, in their order, of calls to `host`; each with the answer."""

    block: str
    inputs: dict[str, Any]
    asked: dict[str, Any]
    wanted: dict[str, list[Any]]
    host: str = ""

    async def holds(self, fire: Any, apis: Apis, host: str = "") -> None:
        """Fires it against what answers, and compares.

        Of a line that ends with `…` the beginning is compared; `DEL` stands for DELETE.
        """
        host = self.host or host
        for line, answer in self.asked.items():
            method, place = line.removesuffix("…").split(" ")[:2]
            place = place.partition("?")[0]
            key = f"{method} {host if place.startswith('/') else ''}{place}"
            said = (answer, {}, {}) if isinstance(answer, int) else (200, answer, {})
            apis.planned.setdefault(key, []).append(said)
        block = block_of(self.block)
        names = {it.name for it in block.inputs({}) if it.type_name == "credential"}
        given = await fire(block, **dict.fromkeys(names, "key"), **self.inputs)
        assert given == self.wanted, given
        assert not names or all(
            "the-secret-key" in str(it["headers"]) for it in apis.asked
        )
        assert all(
            "the-secret-key" not in str([it["query"], it["path"]]) for it in apis.asked
        )
        seen = [_line(it, host) for it in apis.asked]
        lines = list(self.asked)
        assert len(seen) == len(lines), seen
        for line, one in zip(lines, seen, strict=True):
            if line.endswith("…"):
                assert one.startswith(line[:-1]), (one, line)
            else:
                assert one == line, one


def block_of(name: str) -> Any:
    entry = next(it for it in entries().values() if it.name == f"{name}Block")
    return workbench().blocks.get(entry.ours)


def _line(asked: dict[str, Any], host: str) -> str:
    query = "&".join(
        f"{name}={value}" for name, value in sorted(asked["query"].items())
    )
    place = (
        "/" + asked["path"]
        if asked["host"] == host
        else f"{asked['host']}/{asked['path']}"
    )
    body = asked["body"].decode("utf-8", "replace")
    try:
        body = json.dumps(json.loads(body), sort_keys=True, ensure_ascii=False)
    except ValueError:
        body = body[:200]
    return f"{asked['method']} {place}{'?' + query if query else ''}{' ' + body if body else ''}"
