"""Cases: runs that are saved, run again, and held to what came of them."""

import json

import pytest

import agentbench as ab
from agentbench.domain.context import Context
from agentbench.domain.errors import CaseError
from agentbench.workbench.cases import find_cases, read_case, save_case, try_case
from agentbench.workbench.cases.check import read_checks
from tests.replay.web import serving


@pytest.fixture(scope="module")
def server():
    with serving() as server:
        yield server


@pytest.fixture(autouse=True)
def reached(bench):
    bench.outbound.allow("127.0.0.1")


def greeting(tmp_path, template="Hello {{ name }}!\nHow are you?", **more):
    """An agent in a file, which greets."""
    graph = ab.Graph("greeter")
    name = graph.input("name", "you", type="text")
    text = graph.add("text.template", "text", template=template, name=name, **more)
    graph.output("greeting", text)
    graph.save(tmp_path / "greeter.agent.json", force=True)
    return graph


def fault_of(*checks, values):
    (check,) = read_checks("here", list(checks))
    return check.fault(values)


class TestChecks:
    @pytest.mark.parametrize(
        ("check", "values"),
        [
            ({"equals": {"a": [1, 2.5, None, True]}}, [{"a": [1, 2.5, None, True]}]),
            ({"equals": {"$lines": ["a", "b"]}}, ["a\nb"]),
            ({"equals": [1, 2], "of": "all"}, [1, 2]),
            ({"equals": 3.1, "within": 0.05}, [3.2]),
            ({"equals": 2, "of": "last"}, [1, 2]),
            ({"contains": "ell"}, ["Hello"]),
            ({"contains": {"a": {"b": 1}}}, [{"a": {"b": 1, "c": 2}, "d": 3}]),
            ({"contains": {"id": 2}}, [[{"id": 1}, {"id": 2, "n": "x"}]]),
            ({"matches": r"^H\w+o$", "of": "each"}, ["Hello", "Halo"]),
            ({"schema": {"type": "array", "items": {"type": "integer"}}}, [[1, 2]]),
            ({"count": 2}, ["x", "y"]),
        ],
    )
    def test_what_holds(self, check, values):
        assert fault_of(check, values=values) == ""

    @pytest.mark.parametrize(
        ("check", "values", "said"),
        [
            ({"equals": 1}, [True], "+true"),
            ({"equals": 1}, [1, 2], "one value expected, got 2"),
            ({"equals": 1}, [], "a value expected, got none"),
            ({"equals": {"$lines": ["a", "b"]}}, ["a\nc"], "-b\n+c"),
            ({"equals": 3.1, "within": 0.01}, [3.2], "-3.1\n+3.2"),
            ({"contains": "x"}, ["Hello"], "    Hello"),
            ({"matches": "^x", "of": "each"}, ["x", "y"], "value 2: a match of '^x'"),
            ({"schema": {"type": "string"}}, [1], "1 is not of type 'string'"),
            ({"schema": {"$ref": "http://127.0.0.1:9/s"}}, [1], "which is not in it"),
            ({"count": 2}, [1], "2 values expected, got 1"),
        ],
    )
    def test_what_does_not_hold_is_told(self, check, values, said):
        assert said in fault_of(check, values=values)

    @pytest.mark.parametrize(
        ("check", "said"),
        [
            ({"python": "value == 1"}, "one of equals, contains"),
            ({"equals": 1, "contains": 2}, "one of equals, contains"),
            ("value == 1", "one of equals, contains"),
            ({"equals": 1, "of": "some"}, "`of` is one of"),
            ({"matches": "("}, "is no pattern"),
            ({"schema": {"type": 1}}, "is no JSON schema"),
            ({"contains": 1, "within": 2}, "goes with `equals`"),
            ({"count": "2"}, "a whole number"),
        ],
    )
    def test_what_is_no_check_is_refused(self, check, said):
        with pytest.raises(ValueError, match=said):
            read_checks("here", check)


def test_a_run_becomes_a_case_that_passes_and_one_edit_later_fails_with_the_difference(
    bench, tmp_path
):
    run = greeting(tmp_path).run_sync(name="Ada")
    case = save_case(bench, run, tmp_path / "cases" / "ada")
    said = json.loads((tmp_path / "cases" / "ada" / "case.json").read_text())
    assert said == {
        "format": "agentbench-case/1",
        "agent": "../../greeter.agent.json",
        "inputs": {"name": "Ada"},
        "expect": {
            "status": "completed",
            "outputs": {
                "greeting": {"equals": {"$lines": ["Hello Ada!", "How are you?"]}}
            },
        },
    }
    assert read_case(case.file) == case
    assert try_case(bench, case).is_passed
    greeting(tmp_path, "Hello {{ name }}!\nHow is it?")
    trial = try_case(bench, case)
    assert [fault.place for fault in trial.faults] == ["outputs.greeting equals"]
    assert "-How are you?\n+How is it?" in trial.faults[0].text
    assert "--update" in str(trial)


def test_update_accepts_what_came_and_keeps_what_people_wrote(bench, tmp_path):
    case = save_case(bench, greeting(tmp_path).run_sync(), tmp_path / "c")
    said = json.loads(case.file.read_text())
    said["help"] = "Greets."
    own = {"contains": "Hello"}
    said["expect"]["outputs"]["greeting"] = [own, {"equals": "?"}]
    case.file.write_text(json.dumps(said))
    trial = try_case(bench, read_case(case.file), update=True)
    assert trial.updated == ["outputs.greeting equals"]
    kept = json.loads(case.file.read_text())
    assert kept["help"] == "Greets."
    assert kept["expect"]["outputs"]["greeting"] == [
        own,
        {"equals": {"$lines": ["Hello you!", "How are you?"]}},
    ]
    before = case.file.stat().st_mtime_ns
    assert try_case(bench, read_case(case.file), update=True).updated == []
    assert case.file.stat().st_mtime_ns == before
    greeting(tmp_path, "Bye {{ name }}.")
    trial = try_case(bench, read_case(case.file), update=True)
    assert [fault.place for fault in trial.faults] == ["outputs.greeting contains"]


def shopping(server, tmp_path, path="count"):
    graph = ab.Graph("shop")
    page = graph.add("web.fetch", "fetch", url=f"{server.url}/{path}")
    graph.output("body", page["body"])
    graph.save(tmp_path / "shop.agent.json", force=True)
    return graph


def test_the_calls_of_the_run_go_into_the_case_and_no_others(server, bench, tmp_path):
    shopping(server, tmp_path, "page").run_sync(replay="record")
    run = shopping(server, tmp_path).run_sync(replay="record")
    case = save_case(bench, run, tmp_path / "case")
    (file,) = case.calls.iterdir()
    assert "count" in file.name
    came = server.count
    assert try_case(bench, case).is_passed
    assert server.count == came


def test_a_changed_call_fails_the_case_until_it_is_updated(server, bench, tmp_path):
    run = shopping(server, tmp_path).run_sync(replay="record")
    case = save_case(bench, run, tmp_path / "case")
    shopping(server, tmp_path, "page")
    came = server.count
    trial = try_case(bench, case)
    assert trial.faults[0].place == "status"
    assert "/count" in trial.faults[0].text
    assert "/page" in trial.faults[0].text
    assert server.count == came
    trial = try_case(bench, case, update=True)
    assert trial.is_passed
    assert trial.updated
    (file,) = case.calls.iterdir()  # the call that is no longer made is gone
    assert "page" in file.name
    assert try_case(bench, read_case(case.file)).is_passed
    assert server.count == came + 1


def test_a_run_that_ends_otherwise_is_not_accepted_and_nothing_is_deleted(
    server, bench, tmp_path
):
    run = shopping(server, tmp_path).run_sync(replay="record")
    case = save_case(bench, run, tmp_path / "case")
    before = {file: file.read_bytes() for file in case.folder.rglob("*.json")}
    graph = ab.Graph("gone")
    graph.add("web.fetch", "fetch", url=f"{server.url}/cut")
    trial = try_case(bench, case, graph=graph, update=True)
    assert trial.faults[0].text.startswith("completed expected, got failed")
    assert '"status": "failed"' in str(trial)
    after = {file: file.read_bytes() for file in case.folder.rglob("*.json")}
    assert before.items() <= after.items()


def test_answers_are_given_in_their_order(bench, tmp_path):
    graph = ab.Graph("asker")

    @ab.block
    async def asks(context: Context) -> str:
        first = await context.ask("First?")
        return f"{first} {await context.ask('Second?')}"

    graph.output("said", graph.add(asks, "asks"))
    run = graph.run_sync()
    for said in ("one", "two"):
        run = bench.answer(run.id, "asks", said).wait()
    case = save_case(bench, run, tmp_path / "c")
    assert case.agent == "asker.agent.json"
    assert [one.answer for one in case.answers] == ["one", "two"]
    assert try_case(bench, case).is_passed
    text = case.file.read_text().replace('"two"', '"2"', 1)
    case.file.write_text(text)
    assert "-one two" in try_case(bench, read_case(case.file)).faults[0].text
    said = json.loads(text)
    said["answers"].pop()
    case.file.write_text(json.dumps(said))
    assert "Second?" in try_case(bench, read_case(case.file)).faults[0].text


def test_a_run_that_fails_as_expected_is_a_case_as_well(bench, tmp_path):
    graph = ab.Graph("bad")
    graph.add("math.calculate", "div", expression="1 / 0")
    case = save_case(bench, graph.run_sync(), tmp_path / "c")
    assert case.status == "failed"
    assert try_case(bench, case).is_passed
    said = json.loads(case.file.read_text())
    said["expect"]["failures"]["div"] = {"contains": "something else"}
    case.file.write_text(json.dumps(said))
    (fault,) = try_case(bench, read_case(case.file)).faults
    assert fault.place == "failures.div contains"


def test_another_graph_can_be_held_to_a_case(bench, tmp_path):
    case = save_case(bench, greeting(tmp_path).run_sync(), tmp_path / "c")
    other = greeting(tmp_path / "other", "Bye {{ name }}!")
    assert not try_case(bench, case, graph=other).is_passed


def test_a_case_is_not_written_over_and_a_run_has_to_end_first(bench, tmp_path):
    run = greeting(tmp_path).run_sync()
    save_case(bench, run, tmp_path / "c")
    with pytest.raises(CaseError, match="there is one already"):
        save_case(bench, run, tmp_path / "c")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"format": "agentbench-case/9"}, "its format is 'agentbench-case/9'"),
        ({"agent": None}, "it does not say which agent"),
        ({"expects": {}}, "expects means nothing"),
        ({"expect": {"output": {}}}, "expect.output means nothing"),
        ({"expect": {"status": "well"}}, "'well' is not a valid RunStatus"),
        ({"expect": {"outputs": {"x": {"eval": "1"}}}}, "expect.outputs.x is a check"),
        ({"inputs": {"x": {"$file": "a.bin"}}}, "'a.bin' would be a file"),
    ],
)
def test_a_bad_case_says_what_is_wrong(tmp_path, change, said):
    file = tmp_path / "case.json"
    whole = {"format": "agentbench-case/1", "agent": "a.agent.json", **change}
    whole = {name: one for name, one in whole.items() if one is not None}
    file.write_text(json.dumps(whole))
    with pytest.raises(CaseError, match=said):
        read_case(file)


def test_cases_are_found_by_folder_file_and_agent(bench, tmp_path):
    run = greeting(tmp_path).run_sync()
    files = [
        save_case(bench, run, tmp_path / "cases" / name).file for name in ("a", "b")
    ]
    (tmp_path / "cases" / "case.json").write_text('{"format": "other"}')
    assert find_cases([tmp_path]) == files
    assert find_cases([files[1], tmp_path / "cases" / "b"]) == [files[1]]
    assert find_cases([tmp_path / "greeter.agent.json"]) == files
    with pytest.raises(CaseError, match="there is no case there"):
        find_cases([tmp_path / "nowhere"])
