"""A run that another kernel carries out: followed live in this one.

The other kernel is the test's own process, with the same home.
"""

import pathlib

import pytest

from agentbench.domain.run import RunOptions
from agentbench.workbench.settings import HOME, Settings
from agentbench.workbench.workbench import Workbench
from tests.kernels import with_samples


@pytest.fixture
def other(kernel):
    """The workbench of another kernel, over the same store and server."""
    home = kernel.run(f"import os; print(os.environ[{HOME!r}])").text.strip()
    assert pathlib.Path(home).is_absolute()
    bench = Workbench(Settings.from_environment({HOME: home}))
    with_samples(bench.blocks)
    yield bench
    bench.close()


def started(bench, *blocks):
    """A run of a few nodes, each fed by the one before."""
    graph = bench.agents.new("far", blank=True)
    last = None
    for number, block in enumerate(blocks):
        node = graph.add(block, f"n{number}")
        if last is not None:
            last >> node
        last = node
    return bench.start(graph, {}, RunOptions())


def test_a_card_of_another_kernels_run_is_live(kernel, other):
    run = started(other, "test.forever")
    shown = kernel.run(f"far = ab.run({run.id!r}); far")
    card = kernel.widgets[shown.editor]
    kernel.see(lambda: card["line"].startswith("far: running, 1 of 1 nodes"))
    run.stop()
    kernel.see(lambda: card["status"] == "stopped")
    assert card["line"].startswith("far: stopped, 1 of 1 nodes in ")


def test_an_editor_shows_another_kernels_run_live(kernel, other, editor):
    run = started(other, "test.forever")
    kernel.run(
        "from agentbench.widgets.canvas import editor_of\n"
        f"editor_of(graph, workbench()).show(ab.run({run.id!r}))"
    )

    def statuses():
        told = kernel.updates("run_changed")
        return [u["run"]["status"] for u in told if u["run"]["id"] == run.id]

    kernel.see(lambda: "running" in statuses())
    run.stop()
    kernel.see(lambda: statuses()[-1] == "stopped")


def test_who_waits_for_another_kernels_run_is_woken_by_its_end(kernel, other):
    run = started(other, "test.forever")
    cell = kernel.begin(f"print(ab.run({run.id!r}).wait(timeout=60).status)")
    run.stop()
    assert kernel.outcome(cell).text.strip() == "stopped"


def test_a_card_says_when_the_other_kernel_has_died(kernel, other):
    run = started(other, "test.forever")
    shown = kernel.run(f"gone = ab.run({run.id!r}); gone")
    card = kernel.widgets[shown.editor]
    kernel.see(lambda: card["status"] == "running")
    other.close()
    kernel.see(lambda: card["status"] == "interrupted")
