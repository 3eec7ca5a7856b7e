"""What a view missed, because it could not be read just then, it is told later."""

BREAK = """\
from agentbench.domain.errors import StoreError
store, events = bench.store, bench.store.events
def broken(*given, **more):
    raise StoreError("The disk has a moment.")
store.events = broken
"""


def test_the_end_of_a_run_is_shown_though_its_log_could_not_be_read(kernel, editor):
    def told():
        return [change["run"]["status"] for change in kernel.updates("run_changed")]

    kernel.run("bench = workbench(); graph.output('n', graph.add('test.asleep', seconds=1))")
    kernel.run("run = graph.start()")
    kernel.see(lambda: "running" in told())
    assert kernel.run(BREAK).error == ""
    kernel.run("run.done.result(60); time.sleep(0.3)")
    assert told()[-1] == "running"
    kernel.run("store.events = events")
    kernel.see(lambda: told()[-1] == "completed", timeout=20)
    last = kernel.updates("run_changed")[-1]["nodes"]
    assert {node["status"] for node in last} == {"completed"}
