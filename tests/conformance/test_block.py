"""What every built-in block promises to whoever places it."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from agentbench import blocks
from agentbench.domain.block import Block
from agentbench.domain.function_block import FunctionBlock
from agentbench.workbench.settings import Settings
from agentbench.workbench.workbench import Workbench, use_workbench

BLOCKS = list(blocks.load())
every_block = pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.id)


@pytest.fixture(scope="module", autouse=True)
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    """Blocks that run agents look for them in the workbench of this process."""
    home = tmp_path_factory.mktemp("bench")
    made = Workbench(Settings(home=home, store_url="memory:", redis_url="local:"))
    use_workbench(made)
    yield made
    made.close()


def test_no_two_blocks_have_the_same_id() -> None:
    assert [id for id, n in Counter(b.id for b in BLOCKS).items() if n > 1] == []


def test_the_list_is_in_order() -> None:
    assert list(blocks.BUILTIN_BLOCKS) == sorted(blocks.BUILTIN_BLOCKS)


def test_importing_the_room_and_its_blocks_loads_no_heavy_library() -> None:
    heavy = "{'pandas','duckdb','altair','httpx','jinja2','jmespath','numpy','re2'}"
    code = (
        "import sys, agentbench.blocks as b; list(b.load());"
        f"print(sorted({heavy} & set(sys.modules)))"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert shown.stdout.strip() == "[]"


@every_block
def test_a_block_lives_in_the_file_of_its_family(block: Block) -> None:
    assert isinstance(block, FunctionBlock)
    module = block.function.__module__
    home = f"agentbench.blocks.{block.family}"
    assert module == home or module.startswith(f"{home}.")


@every_block
def test_a_block_says_what_it_is(block: Block) -> None:
    first = block.help.split("\n")[0]
    assert block.title
    assert first.endswith(".")
    assert len(first) <= 100
    assert len(set(block.keywords)) >= 2


@every_block
def test_every_port_says_what_it_is(block: Block) -> None:
    for port in (*block.inputs({}), *block.outputs({})):
        assert re.fullmatch(r"[a-z][a-z0-9_]*", port.name)
        assert port.help, f"{port.name} has no help"
        assert port.type_name
        assert port.types


@every_block
def test_the_schema_of_every_port_is_json(block: Block) -> None:
    for port in (*block.inputs({}), *block.outputs({})):
        assert isinstance(json.loads(json.dumps(port.schema())), dict)


@every_block
def test_a_default_is_json_and_fits_its_own_port(block: Block) -> None:
    for port in block.inputs({}):
        if not port.is_required and port.default is not None:
            assert port.check(json.loads(json.dumps(port.default)), "input") == (
                port.default
            )


@every_block
def test_strange_constants_never_break_the_ports(block: Block) -> None:
    names = [port.name for port in block.inputs({})]
    for strange in (None, 7, -1, "{{ (", [1, None], {"a": {}}, "a" * 5000, True):
        constants = dict.fromkeys(names, strange)
        ports = (*block.inputs(constants), *block.outputs(constants))
        assert len({id(port) for port in ports}) == len(ports)
