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
    print("it has begun")
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


def test_a_slow_query_shows_no_bar_of_its_own_and_stays_locked_in(kernel):
    settings = ("enable_progress_bar", "lock_configuration", "enable_external_access")
    sql = ", ".join(f"current_setting('{one}') AS {one}" for one in settings)
    done = kernel.run(
        'asked = ab.new("asked")\n'
        f'asked.output("row", asked.add("table.query", sql="""SELECT {sql}"""))\n'
        "print(asked.run_sync()['row'].values.tolist())"
    )
    assert done.text.strip() == "[[False, True, False]]"


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
    kernel.wait_for_word(cell, "it has begun")
    kernel.manager.interrupt_kernel()
    ended = kernel.outcome(cell, timeout=60)
    assert "KeyboardInterrupt" in ended.error
    assert is_stopped(kernel)


def is_stopped(kernel):
    """Whether the last run of `stuck` has been stopped, or soon will be."""
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if "stopped" in kernel.run("print(ab.runs('stuck')[0].status)").text:
            return True
        time.sleep(0.1)
    return False


def test_await_run_works_in_a_cell_and_an_interrupt_stops_it(kernel):
    done = kernel.run("run = await graph.run(start=3)\nprint(run['total'])")
    assert done.text.strip() == "4"
    cell = kernel.begin("await stuck.run()")
    kernel.wait_for_word(cell, "it has begun")
    kernel.manager.interrupt_kernel()
    assert kernel.outcome(cell, timeout=60).error
    assert is_stopped(kernel)


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


def test_a_run_can_be_shown_written_and_taken_in(kernel, tmp_path):
    kernel.run("done = graph.run_sync(start=6)")
    shown = kernel.run("%agent runs show {done.id}").text.splitlines()
    assert shown[0].endswith("sums")
    assert shown[1].split() == ["node", "#", "status", "tries", "seconds", "said"]
    assert len(shown) == 2 + 3
    file = tmp_path / "sums.run.zip"
    drawn = kernel.run("%agent runs timeline {done.id}")
    assert "completed" in drawn.bundles[-1]["text/plain"]
    diff = kernel.run("%agent runs diff {done.id} {done.id}")
    assert "the same graph" in diff.bundles[-1]["text/plain"]
    page = file.with_suffix(".html")
    shared = kernel.run(f"%agent runs share {{done.id}} -o {page}")
    assert shared.error == ""
    assert page.read_text().startswith("<!doctype html>")
    written = kernel.run(f"%agent runs export {{done.id}} -o {file}")
    assert written.text.strip().endswith(f"is in {file}")
    taken = kernel.run(f"back = %agent runs import {file}\nprint(back['total'])")
    assert taken.text.strip() == "7"
    bad = kernel.run(f"%agent runs import {tmp_path}")
    assert "RunFileError" in bad.error
    assert "it is no file" in bad.error
    listed = kernel.run("%agent runs --status completed --limit 1").text.split()
    assert listed[3:] == ["completed", "sums"]
    assert "'lately' is no time" in kernel.run("%agent runs --since lately").text


def test_runs_and_firings_show_as_tables(kernel):
    shown = kernel.run("ab.runs('sums')").bundles[-1]
    assert ">started</th>" in shown["text/html"]
    assert shown["text/plain"].startswith("agent  status")
    shown = kernel.run("graph.run_sync(start=6).firings").bundles[-1]
    assert ">seconds</th>" in shown["text/html"]
    assert shown["text/plain"].startswith("node ")


def test_tab_completes_verbs_agents_and_inputs(kernel):
    def completed(code):
        reply = kernel.client.complete(code, len(code), reply=True, timeout=60)
        return reply["content"]["matches"]

    assert "resume" in completed("%agent re")
    assert "timeline" in completed("%agent runs ti")
    assert any(match.startswith("run-") for match in completed("%agent runs diff run"))
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
    held = kernel.run("run = %agent run sums start=4 --step\nprint(run.status)").text
    assert "start asks: Held before it begins." in held
    went = "run = %agent answer {run.id} start 'go on'\nprint(run.status)"
    assert kernel.run(went).text.strip().endswith("completed")
    failed = kernel.run("%agent run sums start=4 --max-firings 1")
    assert "max_firings" in failed.error
    assert "above 0, not '0'" in kernel.run("%agent run sums --max-seconds 0").text


def test_an_error_of_the_canvas_is_found_by_its_name(kernel):
    kernel.run(
        "from agentbench.workbench.workbench import workbench\n"
        "name = workbench().troubles.note(ValueError('too long'), 'edit')"
    )
    assert "ValueError: too long" in kernel.run("%agent error {name}").text
    assert "ValueError: too long" in kernel.run("%agent error").text
    assert "The newest: E-" in kernel.run("%agent error E-0").error


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


def test_a_cell_is_a_block(kernel):
    cell = """%%block mine.shout --title "Say it loud" --keyword noisy
SIGN = "!"

def louder(text):
    return text.upper() + SIGN

def shout(text: str) -> str:
    "Makes a text loud."
    return louder(text){more}
"""
    said = kernel.run(cell.format(more=""))
    assert (said.error, said.text.strip()) == (
        "", "mine.shout(text: text) -> result: text",
    )  # fmt: skip
    run = 'g = ab.Graph("s")\ng.output("o", g.add("mine.shout", text="hi"))\nprint(g.run_sync()["o"])'
    assert kernel.run(run).text.strip() == "HI!"
    kernel.run(cell.format(more=' + "?"'))
    assert kernel.run(
        "print(g.run_sync(reuse=True)['o'], shout.title)"
    ).text.strip() == ("HI!? Say it loud")
    assert "mine.shout" in kernel.run("%agent blocks noisy").text
    assert "defines no function" in kernel.run("%%block\nx = 1").error
    assert "--isolation" in kernel.run("%%block --help\nx = 1").text
    assert (
        "unrecognized arguments: --bogus" in kernel.run("%%block --bogus\nx = 1").text
    )
