"""What blocks do across firings and runs: memory, inputs of every kind, waiting, examples."""

import datetime

import pytest

import agentbench as ab
from agentbench.domain.errors import InputError
from agentbench.domain.example import Example, Like
from agentbench.workbench.example_check import ExampleFailed, check_examples


def _graph(bench, agent, block, /, **inputs):
    graph = ab.Graph(agent, blocks=bench.blocks)
    graph.output("given", graph.add(block, **inputs))
    return graph


def test_an_agent_remembers_from_run_to_run_and_others_do_not(bench):
    graph = _graph(bench, "one", "memory.remember", key="k", value={"n": 1})
    assert graph.run_sync().outputs == {"given": [{"n": 1}]}
    for agent, found in (("one", {"n": 1}), ("two", "nothing")):
        graph = _graph(bench, agent, "memory.recall", key="k", default="nothing")
        assert graph.run_sync().outputs == {"given": [found]}


def test_what_is_kept_everywhere_all_agents_see(bench):
    key = "../../etc/passwd\0*"
    graph = _graph(
        bench, "one", "memory.remember", key=key, value=5, scope="everywhere"
    )
    assert graph.run_sync().outputs == {"given": [5]}
    graph = _graph(bench, "two", "memory.recall", key=key, scope="everywhere")
    assert graph.run_sync().outputs == {"given": [5]}
    graph = _graph(bench, "two", "memory.keys", scope="everywhere")
    assert graph.run_sync().outputs == {"given": [[key]]}
    graph = _graph(bench, "two", "memory.forget", key=key, scope="everywhere")
    assert graph.run_sync().outputs == {"given": [True]}


def test_t38_no_secret_is_remembered(bench, tmp_path, monkeypatch):
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_MINE", "canary-5c1d0a77")
    monkeypatch.setenv("AGENTBENCH_CREDENTIAL_MINE_HOSTS", "example.com")

    @ab.block(effects="writes")
    async def leak(context: ab.Context) -> str:
        """Tries to keep a secret."""
        secret = (await context.credential("mine")).secret.reveal()
        context.memory.put("k", {"inside": [f"Bearer {secret}"]})
        context.memory.put(secret, 1, everywhere=True)
        return "done"

    graph = ab.Graph("leaks", blocks=bench.blocks)
    graph.output("given", graph.add(leak))
    assert graph.run_sync().outputs == {"given": ["done"]}
    kept = [file.read_text() for file in (tmp_path / "home" / "memory").rglob("*.json")]
    assert len(kept) == 2
    assert "canary" not in "".join(kept)


@pytest.mark.parametrize("value", [{1, 2}, "x" * 6_000_000])
def test_what_cannot_be_remembered_says_so(bench, value):
    graph = _graph(bench, "one", "memory.remember", key="k", value=value)
    run = graph.run_sync()
    assert "'k' cannot be kept" in str(run.failures[0])


@pytest.mark.parametrize(
    ("block", "given", "found"),
    [
        ("input.short_text", "Oslo", "Oslo"),
        ("input.number", 3, 3.0),
        ("input.date", "2024-01-31", datetime.date(2024, 1, 31)),
        ("input.time", "15:30", datetime.time(15, 30)),
        ("input.toggle", True, True),
        (
            "input.table",
            [{"Column 1": "x"}],
            [{"Column 1": "x", "Column 2": "", "Column 3": ""}],
        ),
    ],
)
def test_a_run_fills_an_input_of_any_kind(bench, block, given, found):
    graph = _graph(bench, "asks", block, name="what")
    assert graph.run_sync(what=given).outputs == {"given": [found]}
    with pytest.raises(InputError, match="'what' is missing"):
        graph.run_sync()


def test_another_input_is_no_reuse(bench):
    graph = _graph(bench, "asks", "input.short_text", name="what")
    graph.run_sync(what="a")
    assert graph.run_sync(what="b").outputs == {"given": ["b"]}


def test_a_countdown_gives_each_message_once_though_it_is_parked(bench):
    graph = _graph(bench, "waits", "time.countdown", message="x", seconds=2.1, repeat=2)
    assert graph.run_sync().outputs == {"given": ["x", "x"]}


def test_t46_a_template_that_loops_runs_in_a_process_that_can_be_ended(bench):
    def isolated(template):
        graph = _graph(
            bench, "writes", "text.fill", template=template, values={"a": [1, 2]}
        )
        block = next(iter(graph.block_of(id) for id in graph.nodes if id != "given"))
        return block.isolation_of({"template": template}) == "process"

    for harmless in (
        "",
        "Hello {{ name }}!",
        "{{ a.b | upper | round(2) }} { {x}",
        "{ % x",
    ):
        assert not isolated(harmless), harmless
    for other in (
        "{% for x in a %}{{ x }}{% endfor %}", "{{ a * 9 }}", "{{ a() }}", "{{ a[0] }}", "{# x #}", "{{ 'x' }}",
        "{{ a | center(9) }}", "{{ a",
    ):  # fmt: skip
        assert isolated(other), other
    assert bench.blocks.get("text.template").isolation_of({}) == "process"
    graph = _graph(
        bench, "writes", "text.fill", template="{% for x in a %}{{ x }},{% endfor %}", values={"a": [1, 2]}
    )  # fmt: skip
    assert graph.run_sync().outputs == {"given": ["1,2,"]}


def test_a_write_stays_in_the_workspace(bench, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    graph = _graph(bench, "writes", "files.write", path="a/b.txt", content="hi")
    assert graph.run_sync().outputs == {"given": ["a/b.txt"]}
    assert (tmp_path / "a" / "b.txt").read_text() == "hi"
    graph = _graph(bench, "writes", "files.write", path="../b.txt", content="hi")
    assert "is not in the workspace" in str(graph.run_sync().failures[0])


def test_examples_of_a_block_of_ones_own_are_carried_out(bench):
    @ab.block(
        examples=[
            Example(inputs={"text": "a"}, outputs={"result": ["A"]}),
            Example(inputs={"text": "b"}, outputs={"result": [Like("[A-Z]")]}),
        ]
    )
    def loud(text: str) -> str:
        """Says it loud."""
        return text.upper()

    assert check_examples(loud) == 2

    @ab.block(examples=[Example(inputs={"text": "a"}, outputs={"result": ["b"]})])
    def wrong(text: str) -> str:
        """Says it."""
        return text

    with pytest.raises(ExampleFailed, match=r"'result' gave \['a'\], not \['b'\]"):
        check_examples(wrong)
