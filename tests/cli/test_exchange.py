"""`agentbench import`, `export` and `trust`, as a process."""

import json
from pathlib import Path

from tests.cli.conftest import ended, write

FILES = Path(__file__).parents[1] / "formats"


def test_an_agent_is_taken_in_run_and_written_back(command, tmp_path):
    file = FILES / "autogpt" / "files" / "sub-agents.json"
    code, out, err = ended(command("import", str(file), "-o", "a.agent.json", "--json"))
    assert code == 0, err
    said = json.loads(out)
    assert set(said) == {
        *("agent", "nodes", "links", "subgraphs", "unsupported", "lost", "notes")
    }
    assert (said["nodes"], said["links"], said["subgraphs"]) == (3, 2, 2)
    assert said["lost"] == said["unsupported"] == []
    code, out, _ = ended(command("run", "a.agent.json", "--json"))
    assert json.loads(out)["outputs"] == {"said": ["Please: come in!"]}
    code, out, _ = ended(command("export", "a.agent.json", "-o", "back.json"))
    assert code == 0
    back = json.loads((tmp_path / "back.json").read_text())
    assert back == json.loads(file.read_text())


def test_without_a_file_it_goes_into_the_library(command):
    file = FILES / "n8n" / "files" / "old-merge.json"
    code, out, _ = ended(command("import", str(file)))
    assert code == 0
    assert "Saved as version 1." in out
    code, out, _ = ended(command("run", "Old merge", "--json"))
    assert json.loads(out)["status"] == "completed"


def test_what_is_no_agent_of_theirs_is_bad_usage(command, tmp_path):
    (tmp_path / "x.json").write_text('{"a": 1}')
    code, _, err = ended(command("import", "x.json"))
    assert code == 2
    assert "no agent of AutoGPT and n8n" in err


def test_code_runs_once_it_is_trusted(command, tmp_path):
    agent = {
        "format": "agentbench/1",
        "name": "theirs",
        "nodes": {
            "sum": {"block": "python.expression", "constants": {"code": "1 + 1"}}
        },
    }
    file = write(tmp_path, agent)
    code, _, _ = ended(command("run", file))
    assert code == 1
    code, out, _ = ended(command("trust", file))
    assert code == 0
    assert "1 + 1" in out
    assert ended(command("run", file))[0] == 0
    agent["nodes"]["sum"]["constants"]["code"] = "1 + 2"
    write(tmp_path, agent)
    assert ended(command("run", file))[0] == 1


def test_t49_what_is_trusted_hides_nothing_from_a_terminal(command, tmp_path):
    """Signs that move the cursor, or turn the direction, would show another program."""
    hidden = "evil()\x1b[1A\x1b[2K\r# \u202eharmless"
    nodes = {"runs": {"block": "python.run", "constants": {"code": hidden}}}
    agent = {"format": "agentbench/1", "name": "theirs", "nodes": nodes, "links": []}
    code, out, _ = ended(command("trust", write(tmp_path, agent)))
    assert code == 0
    assert "evil()\\x1b[1A\\x1b[2K" in out
    assert "# \\u202eharmless" in out
    assert "\x1b" not in out
