"""The agents that come along, with a scripted model; and agents that an agent calls by name."""

import json

import pytest

import agentbench as ab
from agentbench.domain.graph import Graph
from agentbench.domain.model import ToolCall
from agentbench.domain.run import RunStatus
from agentbench.llm.scripted import Scripted
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench


@pytest.fixture
def bench(tmp_path):
    made = Workbench(
        Settings(home=tmp_path, store_url="memory:", redis_url="local:", model="play:m")
    )
    use_workbench(made)
    yield made
    made.close()


@pytest.fixture
def play(bench):
    def play(*lines):
        model = Scripted(lines)
        bench.models.add("play", model)
        return model

    return play


@pytest.fixture
def mailer(bench):
    """An agent of the library that sends a letter; the letters that it sent."""
    letters = []

    @ab.block(id="test.mail", effects="sends")
    async def mail(to: str) -> str:
        letters.append(to)
        return f"sent to {to}"

    graph = Graph("mailer", "Sends a letter.", blocks=bench.blocks)
    graph.output("sent", graph.add("test.mail", to=graph.input("to", type="text")))
    bench.save(graph)
    return letters


def placed(bench, block, **constants):
    graph = Graph("uses", blocks=bench.blocks)
    node = graph.add(block, **constants)
    for port in graph.outputs_of(node.id):
        if port.name != "error":
            graph.output(port.name, node[port.name])
    return graph, node


def test_a_plan_is_made_and_carried_out_with_agents_as_tools(bench, play, mailer):
    task = {"task": "Write to Ola and Kari.", "agents": ["mailer"]}
    graph, node = placed(bench, "agent.plan_and_act", **task)
    model = play(
        json.dumps({"steps": ["Write to Ola", "Write to Kari"]}),
        [ToolCall("c1", "mailer", {"to": "Ola"}), ToolCall("c2", "mailer", {"to": ""})],
        "Both are written to.",
    )
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING  # it would send: somebody is asked first
    assert mailer == []
    run = bench.answer(run.id, node.id, "approve").wait()
    run = bench.answer(run.id, node.id, "reject").wait()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run["answer"] == "Both are written to."
    assert run["steps"] == ["Write to Ola", "Write to Kari"]
    assert mailer == ["Ola"]
    plan, act, last = model.requests
    assert "Write to Ola and Kari." in plan.messages[-1].text
    assert "1. Write to Ola\n2. Write to Kari" in act.messages[-1].text
    [tool] = act.tools
    assert (tool.name, tool.schema["required"]) == ("mailer", ["to"])
    assert "Sends a letter." in tool.help
    done, refused = last.messages[-1].parts
    assert (done.content, refused.is_error) == ("sent to Ola", True)
    [part] = run.parts
    assert [it.agent for it in bench.run(part.id).parts] == ["mailer"]


@pytest.mark.parametrize(
    ("verdict", "answer", "asked"),
    [
        ({"good": True, "remarks": ""}, "First.", 2),
        ({"good": False, "remarks": "too short"}, "Second and longer.", 3),
    ],
)
def test_what_falls_short_is_done_again_and_what_is_good_is_not(
    bench, play, verdict, answer, asked
):
    graph, _ = placed(bench, "agent.reflect", task="Say something.")
    model = play("First.", json.dumps(verdict), "Second and longer.")
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run["answer"] == answer
    assert run["remarks"] == verdict["remarks"]
    assert len(model.requests) == asked
    [part] = run.parts
    assert not bench.run(part.id).unfired
    if asked == 3:
        said = model.requests[-1].messages[-1].text
        assert "Say something." in said
        assert "First." in said
        assert "too short" in said


def test_they_are_found_by_what_they_do_and_opened_to_be_changed(bench, play):
    for words, id in (
        ("plan steps", "agent.plan_and_act"),
        ("critique", "agent.reflect"),
    ):
        assert ab.find_blocks(words)[0].id == id
    opened = ab.open("reflect")
    assert bench.agents.versions(opened) == []
    play("First.", json.dumps({"good": True, "remarks": ""}))
    assert opened.run_sync(task="Say something.")["answer"] == "First."


def test_one_that_was_saved_takes_the_place_of_the_one_that_came_along(bench):
    own = Graph("reflect", blocks=bench.blocks)
    own.output("echo", own.input("words", type="text"))
    bench.save(own)
    graph, node = placed(bench, "agent.reflect", words="mine")
    assert graph.run_sync()["echo"] == "mine"
    assert [port.name for port in graph.inputs_of(node.id)] == ["words"]


def test_expanded_it_can_be_given_tools_of_the_graph(bench, play):
    @ab.block(id="test.look")
    async def look(at: str) -> str:
        return f"saw {at}"

    graph, node = placed(bench, "agent.plan_and_act", task="Look.")
    ab.expand(graph, node.id)
    assert node.id not in graph.nodes
    graph.add(look)
    graph.link("act.tools", "look.at")
    model = play(
        json.dumps({"steps": ["Look"]}), ToolCall("c1", "look", {"at": "it"}), "Seen."
    )
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run["answer"] == "Seen."
    assert model.requests[-1].messages[-1].parts[0].content == "saw it"


def test_an_agent_that_is_not_there_is_named(bench, play):
    graph, _ = placed(bench, "ai.agent", task="x", agents=["nobody"])
    play("never asked")
    [failure] = graph.run_sync().failures
    assert "nobody" in failure.message


def test_the_same_agent_twice_at_once_and_one_that_fails(bench, play):
    inner = Graph("divides", blocks=bench.blocks)
    inner.output(
        "result",
        inner.add(
            "math.calculate", expression="6 / n", n=inner.input("n", type="number")
        ),
    )
    bench.save(inner)
    graph, _ = placed(bench, "ai.agent", task="x", agents=["divides"])
    model = play(
        [ToolCall(f"c{n}", "divides", {"n": n}) for n in (1, 0, 2)]
        + [ToolCall("c9", "divides", {})],
        "Done.",
    )
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    first, second, third, none = model.requests[-1].messages[-1].parts
    assert (first.content, third.content) == (6, 3)
    assert second.is_error
    assert "divides" in second.content
    assert none.is_error
    assert "'n'" in none.content
