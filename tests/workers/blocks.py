"""What no block should do, and what one in a process may: for the tests of workers."""

import asyncio
import contextlib
import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pydantic

from agentbench.domain.context import Context


class Point(pydantic.BaseModel):
    x: int


def note(file: str) -> None:
    """Leaves this process's number, and that of a child of its own, in a file."""
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    whole = Path(f"{file}.part")
    whole.write_text(f"{os.getpid()} {child.pid}")
    whole.rename(file)


def double(number: int) -> int:
    return number * 2


async def double_later(number: int) -> int:
    await asyncio.sleep(0.001)
    return number * 2


def count(most: int, file: str = ""):
    for number in range(most):
        if file:
            whole = Path(f"{file}.part")
            whole.write_text(str(number))
            whole.replace(file)
        yield number


def moved(point: Point) -> Point:
    return Point(x=point.x + 1)


def process() -> int:
    return os.getpid()


def give_lock() -> Any:
    return threading.Lock()


def take(thing: Any) -> str:
    return type(thing).__name__


def refuse(number: int) -> int:
    message = f"not {number}"
    raise KeyError(message)


def leave() -> int:
    sys.exit(3)


def talk(context: Context) -> str:
    print("printed", flush=True)
    context.log("logged")
    context.progress(1, 2, "half")
    return context.find_file("here.txt").read_text()


async def fetch(url: str, context: Context) -> str:
    return (await context.outbound.request("GET", url)).text


async def fetch_with(url: str, name: str, context: Context) -> str:
    return (await context.outbound.request("GET", url, credential=name)).text


async def reveal(name: str, context: Context) -> list:
    own = await context.credential(name)
    return [own.name, own.user, list(own.hosts), own.secret.reveal()[::-1]]


async def review(context: Context) -> str:
    context.use(tokens=5)
    return f"it is {await context.ask('Good?', choices=['yes', 'no'])}"


async def nap(context: Context) -> str:
    await context.sleep(0.01)
    return "rested"


async def call(agent: str, context: Context) -> list:
    return (await context.run_agent(agent, {"number": 4}))["double"]


async def impatient(agent: str, context: Context):
    """Gives up a call before its answer comes, and goes on."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.2):
            await context.run_agent(agent, {})
    await context.run_agent(agent, {}, part="again")  # by now both answers are there
    for number in range(20):
        yield number


async def greedy(agent: str, file: str, context: Context):
    """Asks for more than the line holds, and then has no ear for the answer."""
    asking = asyncio.create_task(context.run_agent(agent, {}))
    await asyncio.sleep(0.1)
    yield 1
    note(file)
    ctypes.PyDLL(None).sleep(600)
    await asking


def segfault() -> int:
    return len(ctypes.string_at(0))


def vanish() -> int:
    os._exit(7)


def devour(megabytes: int) -> int:
    return len(bytearray(megabytes << 20))


def burn() -> int:
    while True:
        pass


def sleep(file: str) -> int:
    note(file)
    time.sleep(600)
    return 0


def spin(file: str) -> int:
    """Spins in C code without ever giving the interpreter's lock back."""
    note(file)
    ctypes.PyDLL(None).sleep(600)
    return 0


def ignore(file: str) -> int:
    """Swallows everything that can be swallowed."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    note(file)
    while True:
        try:
            time.sleep(600)
        except BaseException:  # noqa: BLE001 - it lets nothing end it
            continue


def tidy(file: str, left: str) -> int:
    note(file)
    try:
        time.sleep(600)
    finally:
        Path(left).write_text("tidied up")
    return 0
