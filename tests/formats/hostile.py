"""Files that mean harm: sixty and more agents, workflows, notebooks and run records.

Run as a program it takes them in, in every way there is, and prints what the interpreter
did meanwhile that it should not have done.
"""

import contextlib
import json
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TRACE = "__import__('pathlib').Path('ran').write_text('x')"
CODE = (
    TRACE,
    f"@(lambda f: {TRACE})\ndef f(): pass",
    f"def f(x={TRACE}): pass",
    f"def f(x: {TRACE}): pass",
    f"class A:\n    {TRACE}",
    f"f'{{{TRACE}}}'",
    f"{{{{ cycler.__init__.__globals__.os.popen('touch ran') }}}}{TRACE}",
    "{% for a in range(999999999) %}{{ a }}{% endfor %}",
    "{0.__class__.__mro__}",
    "!!python/object/apply:os.system ['touch ran']",
    "cos\nsystem\n(S'touch ran'\ntR.",
    "gASVHgAAAAAAAACMBXBvc2l4lIwGc3lzdGVtlJOUjAN0b3WUhZRSlC4=",
    "={{ process.mainModule.require('child_process').execSync('touch ran') }}",
    "http://127.0.0.1:9/beacon.png",
    "file:///etc/passwd",
    "<img src=http://127.0.0.1:9/x onerror=alert(1)><script>fetch('http://127.0.0.1:9')</script>",
    "(a+)+$",
    "\ud800 half a pair",
    "../../../../etc/passwd",
    "cred:github/work",
)
"""What stands where a text is expected."""
ODD: tuple[Any, ...] = (
    {"$ref": "http://127.0.0.1:9/schema.json"},
    {"__proto__": {"polluted": True}, "constructor": {"prototype": 1}},
    {"__class__": "os.system", "lc": 1, "type": "constructor", "id": ["os", "system"]},
    {"$blob": "0" * 64, "$secret": "x", "$type": "pickle", "$lines": ["a"]},
    {"command": "sh", "args": ["-c", "touch ran"], "env": {"LD_PRELOAD": "/tmp/x.so"}},
    {"$live": "os.system"},
    [[[[[[[[{"deep": [None] * 50}]]]]]]]],
    10**300,
    -1e308,
    "x" * 100_000,
)
"""What stands where any value is expected."""


def documents() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every file by its name; all of them are JSON."""
    for number, code in enumerate(CODE):
        yield f"ours-{number}.agent.json", ours(code, code)
        yield f"autogpt-{number}.json", autogpt(code, code)
        yield f"n8n-{number}.json", n8n(code)
    for number, value in enumerate(ODD):
        yield f"odd-{number}.agent.json", ours("1", value)
        yield f"odd-autogpt-{number}.json", autogpt("1", value)
    yield "record.json", {"format": "agentbench-run/1", "events": [{"make": TRACE}]}
    cell = {"cell_type": "code", "source": TRACE, "metadata": {}, "outputs": []}
    yield "book.ipynb", {"cells": [cell], "metadata": {}, "nbformat": 4}


def ours(code: str, value: Any) -> dict[str, Any]:
    blocks = (
        "python.expression",
        "python.run",
        "text.template",
        "ai.agent",
        "web.fetch",
    )
    names = ("code", "template", "task", "url", "model", "agent", "path", "pattern")
    nodes: dict[str, Any] = {
        f"n{at}": {
            "block": block,
            "title": code[:2000],
            "constants": {**dict.fromkeys(names, code), "values": value},
            "options": {"pinned": {"x": value}, "timeout": code},
            "icon": "http://127.0.0.1:9/icon.svg",
        }
        for at, block in enumerate(blocks)
    }
    nodes["call"] = {"block": "agent.run", "constants": {"agent": "inside", "x": value}}
    nodes["mcp"] = {"block": f"mcp.{code}", "constants": {"command": ["touch", "ran"]}}
    inner = {"format": "agentbench/1", "name": code, "nodes": {}, "links": []}
    return {
        "format": "agentbench/1",
        "name": code[:200] or "x",
        "description": code,
        "nodes": nodes,
        "links": [{"from": "n0.result", "to": "n1.values"}, {"from": code, "to": code}],
        "agents": {"inside": inner, code: value},
        "on_open": code,
        "startup": {"command": ["touch", "ran"]},
        "layout": {"n0": ["1", code]},
    }


def autogpt(code: str, value: Any) -> dict[str, Any]:
    ids = (
        "0b02b072-abe7-11ef-8372-fb5d162dd712",  # ExecuteCode
        "45e78db5-03e9-447f-9395-308d712f5f08",  # BlockInstallation
        "db7d8f02-2f44-4c55-ab7a-eae0941f0c30",  # FillTextTemplate
        "e189baac-8c20-45a1-94a7-55177ea42565",  # AgentExecutor
        "a0a4b1c2-d3e4-4f56-a7b8-c9d0e1f2a3b4",  # MCPTool
        "c0a8e994-ebf1-4a9c-a4d8-89d09c86741b",  # AgentInput
        code,
    )
    given = {"code": code, "format": code, "server_url": code, "values_#_x": value}
    given |= {"graph_id": code, "input_schema": value, "list_$_99999999": value}
    return {
        "name": code[:200] or "x",
        "description": code,
        "instructions": code,
        "recommended_schedule_cron": "* * * * *",
        "nodes": [
            {
                "id": str(at),
                "block_id": id,
                "input_default": given,
                "metadata": {
                    "position": {"x": 1e308, "y": code},
                    "customized_name": code,
                },
                "webhook": {"url": "http://127.0.0.1:9"},
            }
            for at, id in enumerate(ids)
        ],
        "links": [
            {
                "source_id": "0",
                "sink_id": "2",
                "source_name": "x_@___class__",
                "sink_name": "values_@___dict__",
            },
            {"source_id": "3", "sink_id": "3", "source_name": code, "sink_name": code},
        ],
        "sub_graphs": [{"id": code, "name": code, "nodes": [], "links": []}],
    }


def n8n(code: str) -> dict[str, Any]:
    kinds = ("code", "executeCommand", "httpRequest", "set", "webhook", "if", "noSuch")
    return {
        "name": code[:200] or "x",
        "nodes": [
            {
                "name": f"{kind} {code[:40]}",
                "type": f"n8n-nodes-base.{kind}",
                "parameters": {
                    "jsCode": code,
                    "command": code,
                    "url": code,
                    "value": code,
                },
                "position": [1, 2],
                "credentials": {"x": {"id": code, "name": code}},
            }
            for kind in kinds
        ],
        "connections": {code: {"main": [[{"node": code, "index": -1}], None, "x"]}},
        "pinData": {"x": code},
    }


# ---- the program -----------------------------------------------------------


def watched(home: Path) -> list[str]:
    """From now on, what the interpreter does that only harm would have it do."""
    seen: list[str] = []
    harm = (
        *("socket.connect", "socket.bind", "socket.getaddrinfo", "subprocess.Popen"),
        *("os.system", "os.exec", "os.posix_spawn", "os.fork", "pickle.find_class"),
        *("shutil.rmtree", "ctypes.dlopen", "webbrowser.open", "os.spawn"),
    )

    def hook(event: str, args: tuple[Any, ...]) -> None:
        if event in harm:
            seen.append(f"{event} {str(args)[:200]}")
        elif (
            event == "open" and isinstance(args[1], str) and set("wax+") & set(args[1])
        ):
            if not str(args[0]).startswith(str(home)):
                seen.append(f"open {args[0]} {args[1]}")
        elif event == "import" and (Path.cwd() / f"{args[0]}.py").exists():
            seen.append(f"import {args[0]}")

    sys.addaudithook(hook)
    return seen


def take_in(file: Path, bench: Any) -> int:
    """Opens, checks, draws, lists, compares, searches, exports one file; counts what it did."""
    import agentbench as ab
    from agentbench.workbench.exchange import export_agent, import_agent

    done = 0
    graphs = []
    for reads in (ab.open, lambda it: import_agent(it).graph, ab.import_run):
        try:
            graphs.append(reads(file))
        except (ab.AgentbenchError, OSError):
            done += 1
    for graph in graphs:
        if not isinstance(graph, ab.Graph):
            continue
        for look in (
            ab.check,
            bench.bundle,
            lambda it: it.to_python(),
            lambda it: it.copied(),
            lambda it: ab.Graph.from_json(it.to_json()),
            bench.inputs_of,
            lambda it: it.copy() == it,
            export_agent,
            repr,
        ):
            with contextlib.suppress(ab.AgentbenchError, UnicodeEncodeError):
                look(graph)
            done += 1
        ab.find_blocks(graph.name[:50])
    return done


def main(folder: Path) -> None:
    import agentbench as ab
    from agentbench.workbench.workbench import workbench

    bench = workbench()
    files = []
    for name, document in documents():
        file = folder / name
        file.write_text(json.dumps(document))
        files.append(file)
    plain = ab.Graph("plain")
    plain.output("out", plain.add("values.constant", value=1))
    bench.bundle(plain)
    take_in(files[0], bench)  # what is loaded when it is first used is loaded now
    seen = watched(bench.settings.home)
    done = sum(take_in(file, bench) for file in files)
    told = {"files": len(files), "done": done, "seen": list(seen)}
    told["runs"] = [it.id for it in bench.store.runs(limit=10)]
    # What the watch is for, so that it is seen to see.
    socket.getaddrinfo("127.0.0.1", 9)
    told["control"] = seen[len(told["seen"]) :]
    print(json.dumps(told))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
