"""What is kept of an MCP server, what must be allowed, and what must be accepted."""

import json
import sys
from pathlib import Path

import pytest

from agentbench.cli.main import main
from agentbench.domain.errors import McpError, McpSettingRefused, UnknownMcpServer
from agentbench.domain.graph import Graph
from agentbench.domain.terms import why_not_fitting
from agentbench.mcp_servers.content import MOST_BYTES, values_of
from agentbench.mcp_servers.ports import inputs_of
from agentbench.mcp_servers.tool import Tool
from tests.mcp_servers.conftest import COMMAND, new_bench


def shout(bench):
    graph = Graph("trial", blocks=bench.blocks)
    graph.add("mcp.demo.shout", "tool", text="hey")
    return bench.start(graph, {}).wait(timeout=60)


def test_nothing_is_started_before_it_is_allowed(fresh, tmp_path):
    mark = tmp_path / "started"
    code = f"open({str(mark)!r}, 'w').close()"
    view = fresh.mcp.add("eager", command=[sys.executable, "-c", code])
    assert view.state == "not allowed"
    assert "%agent mcp allow eager" in repr(view)
    with pytest.raises(McpError, match="was never allowed"):
        fresh.mcp.look("eager")
    assert list(fresh.mcp.list()) == [view]
    assert not mark.exists()

    with pytest.raises(McpError, match="did not come up"):  # it is no MCP server
        fresh.mcp.allow("eager")
    assert mark.exists()


def test_a_change_of_the_command_or_of_a_tool_is_shown_and_asked_about(fresh):
    fresh.mcp.add("demo", command=COMMAND, allow=True)
    assert shout(fresh).values("tool", "result") == ["HEY!"]

    # Another command under the same name: its blocks stay, but it may not start.
    view = fresh.mcp.add("demo", command=COMMAND, env={"VARIANT": "2"})
    assert view.state == "not allowed"
    [failed] = shout(fresh).failures
    assert failed.error == "ConsentNeeded"
    assert "has changed since you allowed it" in failed.message
    assert "VARIANT=2" in failed.message

    # Allowed, it is another server: the tools that are the same work, others do not.
    view = fresh.mcp.allow("demo")
    assert [line.strip() for line in view.changes] == [
        "changed: add",
        '- "description": "Adds two whole numbers.",',
        '+ "description": "Adds, and mails your files.",',
        "new: shout-2 - Is new.",
    ]
    assert shout(fresh).values("tool", "result") == ["HEY!"]
    graph = Graph("trial", blocks=fresh.blocks)
    graph.add("mcp.demo.add", "tool", a=1)
    [failed] = fresh.start(graph, {}).wait(timeout=60).failures
    assert failed.error == "ToolChanged"
    assert "mails your files" in failed.message
    assert "mcp.demo.shout_2" not in fresh.blocks

    assert not fresh.mcp.accept("demo").changes
    assert "mcp.demo.shout_2" in fresh.blocks
    assert fresh.start(graph, {}).wait(timeout=60).raise_on_failure()

    # Another kernel has the blocks, and starts nothing for it.
    other = new_bench(fresh.settings.home)
    assert "mcp.demo.shout_2" in other.blocks
    assert other.mcp.view("demo").state == "closed"
    other.close()

    fresh.mcp.remove("demo")
    assert "mcp.demo.shout" not in fresh.blocks
    with pytest.raises(UnknownMcpServer):
        fresh.mcp.view("demo")


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({"command": ["x"], "env": {"GITHUB_TOKEN": "t"}}, "looks like a secret"),
        ({"url": "https://a.example", "headers": {"X-Api-Key": "k"}}, "looks like a"),
        ({"url": "https://u:p@a.example/mcp"}, "holds a name or password"),
        ({"url": "https://a.example/mcp?api_key=k"}, "a secret"),
        ({"url": "file:///etc/passwd"}, "no http"),
        ({"command": ["x"], "url": "https://a.example"}, "either"),
        ({"command": ["x"], "credentials": {"T": "sk-LONG SECRET"}}, "name of a"),
        ({"command": ["x", "--figma-api-key=figd-12345"]}, "'--figma-api-key' looks"),
        ({"command": ["x", "--token", "ghp-12345678"]}, "'--token' looks like a"),
    ],
)
def test_secrets_and_nonsense_are_not_kept(fresh, given, reason):
    with pytest.raises(McpSettingRefused, match=reason):
        fresh.mcp.add("bad", **given)
    assert not fresh.mcp.list()


def test_what_only_sounds_like_a_secret_is_kept(fresh):
    words = [
        "x",
        "--token-budget=10000000",
        "--token",
        "--no-auth",
        "--password-file",
        "/x",
    ]
    fresh.mcp.add("fine", command=words)
    assert "--token-budget=10000000" in fresh.mcp.view("fine").reached


def test_a_damaged_file_is_said_and_left_alone(fresh):
    file = fresh.settings.home / "mcp.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('{"format": 1, "servers": {"demo": ')
    assert "text.split" in fresh.blocks  # the others are there all the same
    assert "mcp.json cannot be read" in fresh.plugins.faults[0]
    with pytest.raises(McpError, match="repair it"):
        fresh.mcp.add("demo", command=["x"])
    assert file.read_text().endswith('"demo": ')


def test_the_file_is_ours_alone_and_holds_no_secret(fresh):
    fresh.mcp.add("demo", command=["x", "--quiet"], credentials={"TOKEN": "work"})
    file = fresh.settings.home / "mcp.json"
    kept = json.loads(file.read_text())["servers"]["demo"]
    assert kept["credentials"] == {"TOKEN": "work"}
    assert kept["folder"] == str(Path.cwd())  # another folder may hold another `x`
    assert file.stat().st_mode & 0o077 == 0


def test_the_terminal_and_the_magic_say_the_same(fresh, capsys):
    words = ["mcp", "add", "files", "--env", "LEVEL=2", "--command", "serve", "--all"]
    assert main([*words, "my dir"]) == 0
    assert "LEVEL=2 serve --all 'my dir'" in capsys.readouterr().out
    assert main(["mcp", "list"]) == 0
    assert "not allowed" in capsys.readouterr().out
    assert main(["mcp", "allow", "file"]) == 1
    assert "Did you mean 'files'?" in capsys.readouterr().err
    assert main(["mcp", "remove", "files"]) == 0

    from IPython.testing.globalipapp import start_ipython

    from agentbench.magics.agent import AgentMagics

    magic = AgentMagics(start_ipython())
    magic.agent("mcp add files --env LEVEL=2 --command serve --all 'my dir'")
    assert "LEVEL=2 serve --all 'my dir'" in capsys.readouterr().out


def test_schemas_of_every_kind_become_ports():
    tool = Tool(
        name="Search-Things",
        input_schema={
            "type": "object",
            "properties": {
                "query": {"type": "string", "minLength": 2},
                "where": {"$ref": "#/$defs/Place"},
                "tags": {"type": "array", "items": {"type": "string"}},
                "limit": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
                "loop": {"$ref": "#/$defs/Loop"},
            },
            "required": ["where", "query"],
            "$defs": {
                "Place": {"enum": ["here", "there"]},
                "Loop": {"properties": {"next": {"$ref": "#/$defs/Loop"}}},
            },
        },
    )
    named = {port.name: port for port in inputs_of(tool)}
    assert list(named)[:2] == ["query", "where"]
    assert tool.slug == "search_things"
    assert named["where"].type_name == "one of 'here', 'there'"
    assert named["query"].schema()["minLength"] == 2
    assert named["tags"].type_name.startswith("list of text")
    assert named["limit"].default is None
    assert named["loop"].type_name.startswith("dictionary")
    assert not named["tags"].is_required
    assert inputs_of(Tool(name="none", input_schema={"type": "object"})) == ()
    anything = {"type": "object", "additionalProperties": True}
    assert [p.name for p in inputs_of(Tool(name="any", input_schema=anything))] == [
        "arguments"
    ]


def test_data_that_would_fill_the_memory_is_refused_like_text():
    tool, large = Tool(name="t", input_schema={}), "x" * (MOST_BYTES + 1)
    for result in (
        {"content": [{"type": "text", "text": large}]},
        {"content": [], "structuredContent": {"a": [large]}},
    ):
        with pytest.raises(ValueError, match="ask it for less"):
            values_of(tool, result)


TREE = {
    "properties": {
        name: {"$ref": "#/$defs/Tree"} for name in ("left", "right", "above", "below")
    }
}
LAUGHS = {
    f"L{n}": {"properties": {one: {"$ref": f"#/$defs/L{n + 1}"} for one in "abcd"}}
    for n in range(18)
}


@pytest.mark.parametrize(
    ("first", "definitions"), [("Tree", {"Tree": TREE}), ("L0", LAUGHS | {"L18": {}})]
)
def test_a_schema_that_branches_is_followed_only_so_far(first, definitions):
    """Put in place each time, a small schema would fill the memory."""
    schema = {
        "type": "object",
        "properties": {
            "root": {"$ref": f"#/$defs/{first}"},
            "plain": {"type": "string"},
        },
        "$defs": definitions,
    }
    ports = inputs_of(Tool(name="t", input_schema=schema, output_schema=schema))
    root, plain = ports
    assert plain.type_name == "text"
    assert root.type_name.startswith("dictionary")
    assert 80 < len(json.dumps(root.schema())) < 1_000_000


def test_no_schema_makes_us_fetch_anything():
    schema = {"$ref": "https://example.com/schema.json"}
    assert "cannot be followed" in why_not_fitting({}, schema)
