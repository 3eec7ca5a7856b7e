import pytest

from tests.notebook_kernel import running_kernel


@pytest.fixture(scope="module")
def kernel(tmp_path_factory):
    """A real kernel with the extension loaded and the sample blocks at hand."""
    folder = tmp_path_factory.mktemp("kernel")
    with running_kernel(folder, AGENTBENCH_HOME=str(folder / "h")) as kernel:
        loaded = kernel.run(
            "%load_ext agentbench\n"
            "import agentbench as ab, time\n"
            "from agentbench.workbench.workbench import workbench\n"
            "from tests.kernels import with_samples\n"
            "with_samples(workbench().blocks);"
        )
        assert loaded.error == ""
        yield kernel


@pytest.fixture
def editor(kernel, request):
    """The comm of a fresh editor, synced; the graph is `graph` in the kernel."""
    name = request.node.name
    shown = kernel.run(f"graph = ab.new({name!r}); graph")
    assert shown.error == ""
    kernel.heard.clear()
    assert kernel.ask(shown.editor, op="sync", since=-1)["ok"]
    return shown.editor
