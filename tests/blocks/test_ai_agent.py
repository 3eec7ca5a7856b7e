"""The agent block in real runs: a scripted model calls tools that are nodes beside it."""

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.graph import Graph
from agentbench.domain.model import ToolCall, says
from agentbench.domain.run import RunOptions, RunStatus
from agentbench.llm.scripted import Scripted
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench


def opened(path, store="memory:"):
    settings = Settings(
        home=path, store_url=store, redis_url="local:", lease=3.0, model="play:m"
    )
    made = Workbench(settings)
    use_workbench(made)
    return made


@pytest.fixture
def bench(tmp_path):
    made = opened(tmp_path)
    yield made
    made.close()


@pytest.fixture
def play(bench):
    """Has the default model say these lines."""

    def play(*lines):
        model = Scripted(lines[0] if callable(lines[0]) else lines)
        bench.models.add("play", model)
        return model

    return play


@pytest.fixture
def sent(bench):
    """What was sent by the block `test.mail`."""
    letters = []

    @ab.block(id="test.mail", effects="sends")
    async def mail(to: str, text: str = "hello") -> str:
        """Sends a letter.

        More that no model needs to know.
        """
        letters.append((to, text))
        return f"sent to {to}"

    @ab.block(id="test.weather")
    async def weather(city: str, days: int = 1, *, context: Context) -> dict:
        """Tells the weather."""
        context.use(tokens=5, cost=0.25)
        return {"city": city, "days": days, "sky": "blue"}

    return letters


@pytest.fixture
def graph(bench, sent):
    return Graph("thinking", blocks=bench.blocks)


def agent_with(graph, *tools, **constants):
    node = graph.add("ai.agent", task="Do it.", **constants)
    for target in tools:
        node["tools"] >> target
    graph.output("answer", node["answer"])
    return node


def call(tool, id="c1", **arguments):
    return ToolCall(id, tool, arguments)


def test_it_calls_tools_until_it_is_done(graph, play):
    weather = graph.add("test.weather")
    agent = agent_with(graph, weather["city"], weather["days"])
    model = play(
        [call("weather", city="Rome", days=2), call("weather", "c2", city="Oslo")],
        "Blue in both.",
    )
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run.outputs["answer"] == ["Blue in both."]
    firings = run.nodes[weather.id].firings
    assert [run.value(it.inputs["city"]) for it in firings.values()] == ["Rome", "Oslo"]
    assert [it.cost for it in firings.values()] == [0.25, 0.25]
    assert run.nodes[agent.id].firings[1].tokens > 0
    [tool] = model.requests[0].tools
    assert (tool.name, tool.help) == ("weather", "Weather. Tells the weather.")
    assert tool.schema["required"] == ["city"]
    results = model.requests[1].messages[-1].parts
    assert [one.content["days"] for one in results] == [2, 1]
    called = run.values(agent.id, "called")
    assert [one["arguments"]["city"] for one in called] == ["Rome", "Oslo"]


def test_what_goes_wrong_is_told_to_the_model(bench, graph, play):
    @ab.block(id="test.broken")
    async def broken(x: int) -> int:
        raise ValueError("no luck")

    weather, tool = graph.add("test.weather"), graph.add(broken)
    agent_with(graph, weather["city"], tool["x"])
    model = play(
        [
            call("nobody"),
            call("weather", "c2"),
            ToolCall("c3", "weather", garbled="{oops"),
            call("broken", "c4", x=1),
        ],
        "I give up.",
    )
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    results = model.requests[1].messages[-1].parts
    assert all(one.is_error for one in results)
    said = [one.content for one in results]
    assert "no tool 'nobody'" in said[0]
    assert "needs a value for 'city'" in said[1]
    assert "no JSON object" in said[2]
    assert said[3] == "ValueError: no luck"


def test_it_answers_when_it_may_call_no_more(graph, play):
    weather = graph.add("test.weather")
    agent_with(graph, weather["city"], rounds=2)
    model = play(call("weather", city="a"), call("weather", city="b"), "Enough.")
    run = graph.run_sync()
    assert run.outputs["answer"] == ["Enough."]
    assert model.requests[-1].tool_choice == "none"
    assert len(run.nodes[weather.id].firings) == 2


def test_an_answer_may_have_a_form(graph, play):
    agent = agent_with(graph, fields={"sky": "colour", "days": "whole number"})
    graph.output("days", agent["days"])
    model = play("It is blue for 3 days.", '{"sky": "blue", "days": 3}')
    run = graph.run_sync()
    assert run.outputs["answer"] == [{"sky": "blue", "days": 3}]
    assert run.outputs["days"] == [3]
    assert model.requests[1].messages[-2] == says("assistant", "It is blue for 3 days.")


def test_nothing_is_sent_before_somebody_approved(bench, graph, play, sent):
    mail = graph.add("test.mail")
    agent = agent_with(graph, mail["to"], mail["text"])
    model = play(
        [call("mail", to="Ola", text="hi"), call("mail", "c2", to="Kari")], "Done."
    )
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    assert sent == []
    [wait] = bench.waits(bench.store.run(run.id))
    assert "Mail" in wait.question
    bench.answer(run.id, agent.id, "reject").wait()
    assert bench.run(run.id).status is RunStatus.WAITING
    run = bench.answer(run.id, agent.id, "approve").wait()
    assert run.status is RunStatus.COMPLETED
    assert sent == [("Kari", "hello")]
    assert len(model.requests) == 2
    refused, done = model.requests[1].messages[-1].parts
    assert (refused.is_error, done.content) == (True, "sent to Kari")


def test_another_agent_is_a_tool_and_asks_for_what_it_sends(bench, graph, play, sent):
    inner = Graph("mailer", blocks=bench.blocks)
    mail = inner.add("test.mail", to=inner.input("to"))
    inner.output("sent", mail)
    bench.save(inner)
    tool = graph.add("agent.run", agent="mailer")
    agent = agent_with(graph, tool["to"])
    model = play(call(tool.id.replace("-", "_"), to="Ola"), "Done.")
    model_name = model.requests
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    run = bench.answer(run.id, agent.id, "approve").wait()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert sent == [("Ola", "hello")]
    assert "mailer" in model_name[0].tools[0].help


def test_a_person_is_a_tool_and_the_run_waits_for_the_answer(bench, graph, play):
    person = graph.add("human.ask").set(title="Person")
    weather = graph.add("test.weather")
    agent = agent_with(graph, person["question"], weather["city"], at_once=1)
    model = play(
        [call("ask", question="Which city?"), call("weather", "c2", city="Rome")],
        "Done.",
    )
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    assert len(run.nodes[agent.id].firings) == 1
    [wait] = bench.waits(bench.store.run(run.id))
    assert (wait.node, wait.question) == (person.id, "Which city?")
    assert not run.nodes[weather.id].firings  # called one after another
    run = bench.answer(run.id, person.id, "Oslo").wait()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run.outputs["answer"] == ["Done."]
    assert len(model.requests) == 2
    told, sky = model.requests[1].messages[-1].parts
    assert (told.content, sky.content["city"]) == ("Oslo", "Rome")
    assert len(run.nodes[person.id].firings) == 1


def test_one_step_sends_the_calls_on_and_ends(graph, play):
    weather = graph.add("test.weather")
    agent = agent_with(graph, weather["city"], mode="one step")
    graph.output("sky", weather)
    play(call("weather", city="Rome"))
    run = graph.run_sync()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run.outputs["sky"][0]["city"] == "Rome"
    assert run.outputs["answer"] == []
    [said] = run.values(agent.id, "conversation")
    assert said[-1]["parts"][0]["tool"] == "weather"


def test_a_step_goes_on_with_what_the_tool_gave(graph, play):
    before = [
        {"role": "user", "content": "Weather in Rome?"},
        {
            "role": "assistant",
            "parts": [{"kind": "call", "id": "c1", "tool": "weather"}],
        },
    ]
    agent_with(graph, mode="one step", conversation=before, result={"sky": "blue"})
    model = play("It is blue.")
    run = graph.run_sync()
    assert run.outputs["answer"] == ["It is blue."]
    [result] = model.requests[0].messages[-1].parts
    assert result.content == {"sky": "blue"}


def test_a_budget_ends_it_with_a_reason(graph, play):
    weather = graph.add("test.weather")
    agent_with(graph, weather["city"], rounds=1000)
    play(lambda request: call("weather", city="Rome"))
    run = graph.run_sync(options=RunOptions(max_cost=1.0, max_seconds=30))
    assert run.status is RunStatus.STOPPED
    assert "budget of $1" in run.reason


def test_a_long_conversation_is_shortened_between_calls(bench, graph, play):
    @ab.block(id="test.talker")
    async def talker(x: int) -> str:
        return "blah " * 150

    tool = graph.add(talker)
    agent_with(graph, tool["x"], memory=2000, system="Be brief.")

    def says_next(request):
        if "Summarise" in request.messages[0].text:
            return "SUMMARY"
        rounds = sum(message.role == "tool" for message in request.messages)
        asked.append([message.role for message in request.messages])
        tasks.append(request.messages[1].text)
        return call("talker", x=rounds) if len(asked) < 8 else "Done."

    asked, tasks = [], []
    play(says_next)
    run = graph.run_sync(options=RunOptions(max_seconds=30))
    assert run.outputs["answer"] == ["Done."]
    assert max(map(len, asked)) < 9
    assert all(roles[0] == "system" for roles in asked)
    assert set(tasks) == {"Do it."}


def test_it_goes_on_in_another_kernel_with_what_was_said(tmp_path):
    letters = []

    def define(bench):
        @ab.block(id="test.mail", effects="sends")
        async def mail(to: str) -> str:
            letters.append(to)
            return "sent"

        @ab.block(id="test.look")
        async def look(at: str) -> str:
            letters.append(f"looked at {at}")
            return "seen"

    store = f"sqlite:///{tmp_path}/bench.db"
    first = opened(tmp_path, store)
    define(first)
    model = Scripted([call("look", at="it"), call("mail", "c2", to="Ola")])
    first.models.add("play", model)
    graph = Graph("thinking", blocks=first.blocks)
    mail, look = graph.add("test.mail"), graph.add("test.look")
    agent = agent_with(graph, mail["to"], look["at"])
    run = graph.run_sync()
    assert run.status is RunStatus.WAITING
    first.close()

    second = opened(tmp_path, store)
    define(second)
    again = Scripted(["Done."])
    second.models.add("play", again)
    run = second.answer(run.id, agent.id, "approve").wait()
    assert run.status is RunStatus.COMPLETED, run.failures
    assert run.outputs["answer"] == ["Done."]
    assert letters == ["looked at it", "Ola"]
    assert len(again.requests[0].messages) == 5
    second.close()
