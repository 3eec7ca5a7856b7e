from pathlib import Path

import pytest

from agentbench.domain.errors import BackendError
from agentbench.workbench.backends import LockServer, open_store
from agentbench.workbench.doctor import examine
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench


def test_defaults_need_nothing_but_a_home():
    settings = Settings.from_environment({"AGENTBENCH_HOME": "/tmp/somewhere"})
    assert settings.home == Path("/tmp/somewhere")
    assert settings.store_url == "sqlite:////tmp/somewhere/agentbench.db"
    assert (settings.redis_url, settings.offline) == ("", False)


def test_the_environment_sets_every_knob():
    settings = Settings.from_environment(
        {
            "AGENTBENCH_HOME": "/h",
            "AGENTBENCH_STORE_URL": "memory:",
            "AGENTBENCH_REDIS_URL": "redis://there",
            "AGENTBENCH_OFFLINE": "1",
            "AGENTBENCH_ALLOWED_HOSTS": "localhost:8000, example.org",
            "AGENTBENCH_LEASE": "5",
            "AGENTBENCH_DURABILITY": "full",
            "AGENTBENCH_QUOTA": "1.5GB",
        }
    )
    assert settings.store_url == "memory:"
    assert settings.redis_url == "redis://there"
    assert settings.offline
    assert settings.allowed_hosts == ("localhost:8000", "example.org")
    assert settings.lease == 5.0
    assert settings.durability == "full"
    assert settings.quota == 1_500_000_000


@pytest.mark.parametrize(
    ("name", "text"),
    [("DURABILITY", "safe"), ("QUOTA", "much"), ("QUOTA", "-1"), ("QUOTA", "5 stones")],
)
def test_a_knob_that_cannot_be_so_is_told(name, text):
    with pytest.raises(BackendError, match=f"AGENTBENCH_{name} takes"):
        Settings.from_environment({f"AGENTBENCH_{name}": text})


def test_no_password_is_shown():
    settings = Settings.from_environment(
        {"AGENTBENCH_STORE_URL": "postgresql://me:s3cret@there/db"}
    )
    assert "s3cret" not in repr(settings)


def test_an_unknown_url_scheme_lists_those_there_are():
    with pytest.raises(
        BackendError, match=r"No store knows the URL scheme 'mongo'.*sqlite"
    ):
        open_store(Settings(home=Path("/h"), store_url="mongo://x"))


def test_without_a_server_binary_kernels_share_a_file_and_say_so(tmp_path, monkeypatch):
    from agentbench.embedded import valkey

    monkeypatch.setattr(valkey, "server_binaries", list)
    bench = Workbench(Settings(home=tmp_path, store_url="memory:"))
    try:
        file = f"sqlite:///{tmp_path}/run/locks.db"
        assert bench.lock_server.locks.url == file
        (said,) = [f.text for f in examine(bench) if f.name == "locks"]
        assert said.startswith(f"{file}: a file, shared by the kernels of this machine")
        assert "no server: The private Valkey server cannot be started" in said
        graph = bench.agents.new("alone")
        graph.add("values.constant", value=1)
        assert bench.start(graph, {}).wait(timeout=60).status == "completed"
    finally:
        bench.close()


def test_locks_in_a_file_need_no_address(tmp_path):
    server = LockServer(
        Settings(home=tmp_path, store_url="memory:", redis_url="sqlite:")
    )
    assert server.locks.url == f"sqlite:///{tmp_path}/run/locks.db"


def test_what_is_wrong_with_a_store_is_said_at_once(tmp_path, caplog):
    (tmp_path / "bench.db").write_bytes(b"no database" * 1000)
    url = f"sqlite:///{tmp_path}/bench.db"
    open_store(Settings(home=tmp_path, store_url=url)).close()
    assert "bench.damaged-" in caplog.text


def test_a_server_that_cannot_be_reached_fails_the_run_with_its_address(tmp_path):
    bench = Workbench(
        Settings(home=tmp_path, store_url="memory:", redis_url="redis://127.0.0.1:1/0")
    )
    graph = bench.agents.new("alone")
    graph.add("values.constant", value=1)
    run = bench.start(graph, {})
    with pytest.raises(BackendError, match=r"127\.0\.0\.1:1"):
        run.wait(timeout=60)
    bench.close()
