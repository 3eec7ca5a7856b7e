"""T23, the store's half: a value of half a gigabyte, with little memory beside it."""

import subprocess
import sys

import pytest

from agentbench.stores import BACKENDS
from tests.stores.places import place

STREAMING = """
import hashlib, re, sys
from tests.stores.places import make_store
MB = 1024 * 1024
def parts():
    for number in range(SIZE):
        yield number.to_bytes(4, "big") * (MB // 4)
def peak():
    # Not getrusage: that counts what the parent had before it became this program.
    status = open("/proc/self/status").read()
    return int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) // 1024
store = make_store(sys.argv[1])
SIZE = int(sys.argv[2])
small = store.write_blob([b"warm", b"up"])
assert b"".join(store.read_blob(small)) == b"warmup"
before = peak()
blob = store.write_blob(parts())
digest, size = hashlib.sha256(), 0
for part in store.read_blob(blob):
    digest.update(part)
    size += len(part)
assert (digest.hexdigest(), size) == (blob, SIZE * MB)
print("in parts", peak() - before)
whole = store.get_blob(blob)
assert len(whole) == SIZE * MB
print("whole", peak() - before - SIZE)
store.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="it is measured in /proc")
@pytest.mark.timeout(180)
@pytest.mark.parametrize("scheme", sorted(set(BACKENDS) - {"memory"}))
def test_t23_half_a_gigabyte_takes_little_memory(
    request: pytest.FixtureRequest, scheme: str
) -> None:
    # A server writes it twice, to its log too: a smaller one shows the same there.
    size = {"sqlite": 500}.get(scheme, 120)
    command = [sys.executable, "-c", STREAMING, place(request, scheme), str(size)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    over = dict(line.rsplit(" ", 1) for line in ran.stdout.splitlines())
    print(over)
    assert int(over["in parts"]) < 60, "megabytes"
    assert int(over["whole"]) < 100, "megabytes over the value itself"
