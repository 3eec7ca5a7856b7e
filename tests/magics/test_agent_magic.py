"""`%agent`, in a real kernel."""

import textwrap
import time

import pytest

from tests.notebook_kernel import running_kernel

SUM = """
graph = ab.new("sums")
start = graph.input("start", 1, type="whole number")
graph.output("total", graph.add("math.calculate", expression="a + 1", a=start))

import asyncio

@ab.block
async def endless() -> int:
    "Never ends."
    await asyncio.Event().wait()

stuck = ab.Graph("stuck")
stuck.add(endless)
"""


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("magics")
    with running_kernel(folder, AGENTBENCH_HOME=str(folder / "h")) as kernel:
        first = "%load_ext agentbench\nimport agentbench as ab\n"
        assert kernel.run(first + SUM).error == ""
        yield kernel


def test_loading_twice_and_unloading_is_fine(kernel):
    assert kernel.run("%reload_ext agentbench\n%load_ext agentbench").error == ""
    assert kernel.run("%unload_ext agentbench").error == ""
    assert "not found" in kernel.run("%agent list").text
    assert kernel.run("%load_ext agentbench").error == ""


def test_help_lists_the_verbs(kernel):
    assert "resume" in kernel.run("%agent --help").text
    assert "--background" in kernel.run("%agent run --help").text
    assert "--blank" in kernel.run("%agent").text or "new" in kernel.run("%agent").text


def test_new_shows_an_editor_and_open_brings_it_back(kernel):
    shown = kernel.run('%agent new "fresh one"')
    assert shown.editor
    assert "Saved 'fresh one' as version 1." in kernel.run("%agent save").text
    assert kernel.run('%agent open "fresh one"').editor == shown.editor
    assert "fresh one" in kernel.run("%agent list").text


def test_run_waits_shows_outputs_and_returns_the_run(kernel):
    done = kernel.run("run = %agent run sums start=41\nprint(run['total'], run.status)")
    assert done.text.strip() == "42 completed"
    assert [b["text/plain"] for b in done.bundles] == ["sums", "total", "42"]
    assert kernel.widgets[done.editor]["value"].startswith("sums: completed, 3 of 3")


def test_run_takes_variables_as_they_are(kernel):
    done = kernel.run(
        "base = 9\nrun = %agent run graph start=@base --quiet\nprint(run['total'])"
    )
    assert done.text.strip() == "10"


def test_a_run_in_the_background_returns_at_once(kernel):
    done = kernel.run("run = %agent run sums --background\nprint(run.wait().status)")
    assert done.text.strip() == "completed"


def test_errors_are_short_and_say_what_to_do(kernel):
    assert (
        "'start' takes whole number" in kernel.run("%agent run sums start=soon").error
    )
    assert "Traceback" not in kernel.run("%agent run sums start=soon").error
    assert "Did you mean 'sums'" in kernel.run("%agent open summs").error
    assert "invalid choice: 'dance'" in kernel.run("%agent dance").text
    assert "write NAME=VALUE" in kernel.run("%agent run sums 5").error


def test_a_failed_run_is_raised_so_that_run_all_stops(kernel):
    kernel.run(
        "bad = ab.Graph('bad'); bad.add('math.calculate', 'div', expression='1 / 0')"
    )
    failed = kernel.run("%agent run bad")
    assert "RunFailed" in failed.error
    assert "div: " in failed.error


def test_interrupting_the_cell_stops_the_run(kernel):
    cell = kernel.begin("%agent run stuck")
    time.sleep(1.5)
    kernel.manager.interrupt_kernel()
    ended = kernel.outcome(cell, timeout=10)
    assert "KeyboardInterrupt" in ended.error
    assert "stopped" in kernel.run("print(ab.runs('stuck')[0].status)").text


def test_await_run_works_in_a_cell_and_an_interrupt_stops_it(kernel):
    done = kernel.run("run = await graph.run(start=3)\nprint(run['total'])")
    assert done.text.strip() == "4"
    cell = kernel.begin("await stuck.run()")
    time.sleep(1.0)
    kernel.manager.interrupt_kernel()
    assert kernel.outcome(cell, timeout=10).error
    end = time.monotonic() + 5
    while time.monotonic() < end:
        if "stopped" in kernel.run("print(ab.runs('stuck')[0].status)").text:
            return
        time.sleep(0.1)
    pytest.fail("The run went on.")


def test_blocks_renderers_code_and_doctor_print(kernel):
    assert "table.query(" in kernel.run("%agent blocks sql").text
    assert "graph" in kernel.run("%agent renderers").text
    assert "import agentbench as ab" in kernel.run("%agent code sums").text
    assert '"format": "agentbench/1"' in kernel.run("%agent code sums --json").text
    assert "embedded Valkey" in kernel.run("%agent doctor").text


def test_runs_can_be_listed_and_stopped(kernel):
    kernel.run(
        "going = stuck.start()\nwhile not going.firings: await asyncio.sleep(0.02)"
    )
    assert "running" in kernel.run("%agent runs").text
    done = kernel.run(
        "get_ipython().run_line_magic('agent', f'stop {going.id}')\nprint(going.wait().status)"
    )
    assert "stopped" in done.text


def test_tab_completes_verbs_agents_and_inputs(kernel):
    def completed(code):
        reply = kernel.client.complete(code, len(code), reply=True, timeout=10)
        return reply["content"]["matches"]

    assert "resume" in completed("%agent re")
    assert any("graph" in match for match in completed("%agent run gra"))
    assert any("start=" in match for match in completed("%agent run sums st"))


def test_a_formatter_of_the_shell_shows_values_too(kernel):
    shown = kernel.run(
        "class Odd: pass\n"
        "html = get_ipython().display_formatter.formatters['text/html']\n"
        "html.for_type(Odd, lambda odd: '<b>odd</b>')\n"
        "odd = ab.Graph('odd'); odd.output('it', odd.add('values.constant', value=Odd()))\n"
        "run = %agent run odd"
    )
    assert shown.bundles[-1]["text/html"] == "<b>odd</b>"


def test_of_a_long_stream_a_cell_shows_the_beginning_and_how_many_follow(kernel):
    code = """
    stream = ab.Graph("stream")
    stream.output("n", stream.add("logic.step", items=list(range(80)))["item"])
    """
    shown = kernel.run(textwrap.dedent(code) + "r = %agent run stream")
    assert shown.error == ""
    texts = [b["text/plain"] for b in shown.bundles]
    assert texts[-2:] == ["49", "… and 30 more: `run.outputs['n']` has them all."]


def test_a_failed_run_shows_the_line_of_the_block_that_failed(kernel):
    kernel.run(
        """
@ab.block
def broken(number: int) -> int:
    half = number // 2
    return half / 0

broke = ab.Graph("broke")
broke.add(broken, number=4)
"""
    )
    failed = kernel.run("%agent run broke").error
    assert "broken: ZeroDivisionError: " in failed
    assert "line 4 of broken: return half / 0" in failed
    assert "ipykernel" not in failed  # a cell's file has another name each time


def test_an_input_given_twice_is_refused(kernel):
    assert "given twice" in kernel.run("%agent run sums start=1 start=2").error


def test_a_run_that_waits_says_for_what_and_takes_an_answer(kernel):
    kernel.run(
        "asks = ab.Graph('asks')\n"
        "asks.output('said', asks.add('human.ask', question='Which?', choices=['a']))"
    )
    done = kernel.run("run = %agent run asks\nprint(run.status)")
    assert "ask asks: Which? (a)" in done.text
    assert "waiting" in done.text
    assert "ask asks: Which? (a)" in kernel.run("%agent runs").text
    assert "not 'b'" in kernel.run("%agent answer {run.id} ask b").error
    done = kernel.run("run = %agent answer {run.id} ask a\nprint(run['said'])")
    assert done.text.strip() == "a"


def test_a_run_takes_over_what_it_may_and_keeps_to_its_budget(kernel):
    shown = "print({n: s for n, (s, _) in run.node_statuses.items()})"
    kernel.run("%agent run sums start=4 --quiet")
    done = kernel.run(f"run = %agent run sums start=4 --reuse --quiet\n{shown}")
    assert "'calculate': 'reused'" in done.text
    done = kernel.run(f"run = %agent run --from calculate sums start=4\n{shown}")
    assert "'calculate': 'completed'" in done.text
    done = kernel.run(f"run = %agent run sums start=4 --only start --quiet\n{shown}")
    assert "'calculate': 'skipped'" in done.text
    failed = kernel.run("%agent run sums start=4 --max-firings 1")
    assert "max_firings" in failed.error
    assert "above 0, not '0'" in kernel.run("%agent run sums --max-seconds 0").text


def test_models_are_listed_with_what_is_missing(kernel):
    shown = kernel.run("%agent models").text
    assert "openai:gpt-6-luna" in shown
    assert "needs OPENAI_API_KEY" in shown
    kernel.run("ab.model_provider('mine', ab.Scripted(['Hello']))")
    asking = """
    thinking = ab.new("thinking")
    said = thinking.add("ai.generate", prompt="Say hello", model="mine:m")
    thinking.output("said", said)
    run = thinking.run_sync()
    print(run["said"], ab.usage(run)["mine:m"].calls)
    """
    assert kernel.run(textwrap.dedent(asking)).text.strip() == "Hello 1"


def test_calls_are_recorded_and_replayed_by_notebook_and_by_run(kernel):
    """A model answers once; from then on its recording does, and a run becomes a case."""
    kernel.run("ab.model_provider('once', ab.Scripted(['Hello']))")
    kernel.run(
        "spoken = ab.Graph('spoken')\n"
        "spoken.output('said', spoken.add('ai.generate', prompt='Hi', model='once:m'))"
    )
    assert "auto, not 'recrod'" in kernel.run("%agent replay recrod").text
    assert kernel.run("%agent replay").text == "Calls are made, and not recorded.\n"
    shown = kernel.run("%agent replay record").text
    assert shown == "Calls are made, and recorded (recordings).\n"
    assert kernel.run("run = %agent run spoken --quiet").error == ""
    assert kernel.run("%agent replay on").error == ""
    done = kernel.run("run = %agent run spoken --quiet\nprint(run['said'])")
    assert done.text == "Hello\n"
    failed = kernel.run("%agent run spoken --replay live --quiet")
    assert "its script has only" in failed.error
    failed = kernel.run("%agent run spoken --recording nowhere --quiet")
    assert "is not recorded in nowhere" in failed.error
    saved = kernel.run("%agent case run cases/spoken").text
    assert saved == "Saved the case 'spoken'; `agentbench test` runs it.\n"
    assert "there is one already" in kernel.run("%agent case run cases/spoken").error
    assert kernel.run("%agent replay prune").text == "0 files deleted.\n"
    assert kernel.run("%agent replay off").error == ""
