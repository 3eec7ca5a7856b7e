"""A canvas that is shown gets the workbench ready, so that its first run begins at once."""

import json

from tests.notebook_kernel import running_kernel

WAITING = """
import json, sys, time
from agentbench.workbench.workbench import workbench

end = time.monotonic() + 60
while "redis.connection" not in sys.modules and time.monotonic() < end:
    time.sleep(0.05)
print(json.dumps({
    "server": workbench().opened_lock_server.note if workbench().opened_lock_server else "",
    "library": "redis.connection" in sys.modules,
    "runs": len(workbench().runs()),
}))
"""


def test_the_server_is_up_before_anything_runs(tmp_path):
    with running_kernel(tmp_path, AGENTBENCH_HOME=str(tmp_path / "h")) as kernel:
        assert kernel.run("%load_ext agentbench\nimport agentbench as ab").error == ""
        before = kernel.run(
            "from agentbench.workbench.workbench import workbench\n"
            "graph = ab.new('first'); print(workbench().opened_lock_server)"
        )
        assert before.text.strip() == "None", "a graph alone starts nothing"
        assert kernel.run("graph").error == ""
        told = kernel.run(WAITING, timeout=90)
        assert told.error == ""
        found = json.loads(told.text)
        assert found["library"]
        assert found["server"]
        assert found["runs"] == 0
        assert kernel.run("print(graph.run_sync().status)").text.strip() == "completed"


def test_a_workbench_that_is_closed_opens_nothing_more(tmp_path):
    from agentbench.workbench.settings import Settings
    from agentbench.workbench.workbench import Workbench

    bench = Workbench(Settings(home=tmp_path, store_url="memory:"))
    bench.close()
    bench.get_ready()
    assert bench.opened_lock_server is None
