"""Who looks at a run while it begins or ends must not take it for one that was cut off."""

import threading

import pytest

import agentbench as ab
from agentbench.domain.run import RunStatus
from agentbench.workbench.workbench import Workbench, use_workbench
from tests.kernels import with_samples

RUNS = 40


@pytest.fixture
def onlooker(bench):
    """Another kernel's workbench, over the same store and lock server."""
    if bench.settings.store_url == "memory:":
        pytest.skip("a store in memory has no onlookers")
    other = Workbench(bench.settings)
    with_samples(other.blocks)
    use_workbench(bench)
    yield other
    other.close()
    use_workbench(bench)


def test_a_run_that_goes_well_is_never_seen_as_interrupted(bench, graph, onlooker):
    graph.output("n", graph.add("test.add", left=1, right=1))
    seen, listed = set(), set()
    run_ids, is_over = [], threading.Event()

    def look():
        while not is_over.is_set():
            for id in run_ids[-1:]:
                seen.add(onlooker.run(id).status)
                listed.update(record.status for record in onlooker.runs(limit=2))

    looking = threading.Thread(target=look)
    looking.start()
    try:
        for _ in range(RUNS):
            run = graph.start()
            run_ids.append(run.id)
            assert run.wait(timeout=60).status is RunStatus.COMPLETED
    finally:
        is_over.set()
        looking.join()
    assert RunStatus.COMPLETED in seen
    assert RunStatus.INTERRUPTED not in seen | listed
    assert all(ab.run(id).status is RunStatus.COMPLETED for id in run_ids)
