"""The selector of the engine's loop waits for files and for time, however many files there are."""

import os
import resource
import threading

import pytest

from agentbench.engine.selector import new_selector

EVENT_READ = 1


@pytest.mark.parametrize("files", [0, 1100], ids=["few files", "more than FD_SETSIZE"])
def test_it_waits_for_files_and_for_time(files):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < files + 200:
        pytest.skip("so many files are not allowed here")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, files + 200), hard))
    opened = [os.open(os.devnull, os.O_RDONLY) for _ in range(files)]
    reads, writes = os.pipe()
    selector = new_selector()
    try:
        selector.register(reads, EVENT_READ)
        for wait in (0, 0.0004, 0.01, 0.08):
            assert selector.select(wait) == []
        later = threading.Timer(0.05, os.write, (writes, b"x"))
        later.start()
        found = selector.select(0.04) or selector.select(None)
        assert [key.fd for key, _ in found] == [reads]
        assert selector.select(0.01), "what is there is found at once"
        later.join()
    finally:
        selector.close()
        for file in (*opened, reads, writes):
            os.close(file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
