"""How workers are kept, shared out and let go."""

import asyncio
import sys

import pytest

from agentbench.codecs import CODECS, Codecs
from agentbench.domain.errors import WorkerLost, WorkerValueError
from agentbench.domain.function_block import FunctionBlock
from agentbench.workbench.parts import WORKER
from agentbench.workers.pool import ProcessWorkers
from tests.workers import blocks
from tests.workers.conftest import is_alive, until
from tests.workers.test_firing import Bystander


async def in_thread(function, *args):
    return await asyncio.to_thread(function, *args)


def pool(**options):
    return ProcessWorkers(Codecs(CODECS), in_thread, WORKER, **options)


async def process_of(workers, bench):
    block = FunctionBlock(blocks.process, id="test.process", isolation="process")
    emitted = [one async for one in workers.run(block, {}, Bystander(bench))]
    return emitted[0].value


async def test_a_worker_that_waits_too_long_ends(bench):
    workers = pool(idle=0.2)
    pid = await process_of(workers, bench)
    await asyncio.to_thread(until, lambda: not is_alive(pid))
    assert await process_of(workers, bench) != pid
    workers.close()


async def test_no_more_workers_than_allowed_run_at_a_time(bench):
    workers = pool(most=1)
    asked = [asyncio.create_task(process_of(workers, bench)) for _ in range(4)]
    assert len({await one for one in asked}) == 1
    workers.close()


async def test_who_gives_up_in_the_line_leaves_it(bench):
    workers = pool(most=1)
    sleeping = FunctionBlock(blocks.burn, id="test.burn", isolation="process")
    stream = workers.run(sleeping, {}, Bystander(bench))
    first = asyncio.create_task(anext(stream))
    await asyncio.sleep(0.2)
    second = asyncio.create_task(process_of(workers, bench))
    await asyncio.sleep(0.2)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert await process_of(workers, bench) > 0
    workers.close()


LIAR = r"""
import socket, struct, sys
kernel = socket.socket(fileno=int(sys.argv[1]))
(length,) = struct.unpack(">Q", kernel.recv(8))
while length:
    length -= len(kernel.recv(length))
{begun}
kernel.sendall({said})
kernel.recv(1)
"""
BEGUN = r'kernel.sendall(struct.pack(">Q", 12) + b"\x81\xa4type\xa5begun")'
EMITTED = r'b"\x84\xa4type\xa7emitted\xa4port\xa6result\xa5codec\xabcloudpickle\xa4data\xc4\x00"'


@pytest.mark.parametrize(
    "said",
    [
        pytest.param('struct.pack(">Q", 2 ** 62)', id="a frame without end"),
        pytest.param('struct.pack(">Q", 4) + b"abcd"', id="nonsense"),
        pytest.param(
            'struct.pack(">Q", 100_000) + b"\\x91" * 100_000', id="nested without end"
        ),
    ],
)
async def test_a_worker_that_talks_nonsense_counts_as_lost(bench, said):
    program = LIAR.format(begun=BEGUN, said=said)
    workers = ProcessWorkers(Codecs(CODECS), in_thread, (sys.executable, "-c", program))
    with pytest.raises(WorkerLost, match="not to be understood"):
        await process_of(workers, bench)
    workers.close()


async def test_a_worker_cannot_have_the_kernel_load_objects(bench):
    said = f'struct.pack(">Q", {len(eval(EMITTED))}) + {EMITTED}'
    program = LIAR.format(begun=BEGUN, said=said)
    workers = ProcessWorkers(Codecs(CODECS), in_thread, (sys.executable, "-c", program))
    with pytest.raises(WorkerValueError, match="There is no codec 'cloudpickle'"):
        await process_of(workers, bench)
    workers.close()
