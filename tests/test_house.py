"""What the linters cannot hold: sizes, names, and lists that tell the truth."""

import ast
import importlib
import json
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import agentbench

ROOT = Path(__file__).parent.parent
BANNED = {"manager", "service", "helper", "util", "common", "misc", "handler", "processor"}  # fmt: skip
GENERATED = ROOT / "widgets" / "src" / "protocol"
ADDRESS = re.compile(r"agentbench(\.\w+)+:\w+")


def _files() -> list[Path]:
    listed = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    ran = subprocess.run(listed, cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(name) for name in ran.stdout.splitlines() if (ROOT / name).exists()]


def _longer_than(limit: int, folder: str, *suffixes: str) -> dict[str, int]:
    paths = [path for path in (ROOT / folder).rglob("*") if path.suffix in suffixes]
    paths = [path for path in paths if GENERATED not in path.parents]
    assert paths
    lengths = {str(path): len(path.read_text().splitlines()) for path in paths}
    return {path: length for path, length in lengths.items() if length > limit}


def _addresses(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Constant) and ADDRESS.fullmatch(str(node.value)):
            yield str(node.value)


def test_no_python_file_is_long() -> None:
    assert _longer_than(400, "agentbench", ".py") == {}


def test_no_typescript_file_is_long() -> None:
    assert _longer_than(300, "widgets/src", ".ts", ".tsx") == {}


def test_no_file_has_a_name_that_says_nothing() -> None:
    named = {path: set(re.split(r"[\W_]+", str(path).lower())) for path in _files()}
    banned = BANNED | {word + "s" for word in BANNED}
    assert [path for path, words in named.items() if words & banned] == []


def test_every_listed_address_leads_somewhere() -> None:
    modules = (ROOT / "agentbench").rglob("*.py")
    found = {address for module in modules for address in _addresses(module)}
    assert found
    for address in found:
        module, name = address.split(":")
        assert hasattr(importlib.import_module(module), name), address


def test_both_languages_have_one_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    package = json.loads((ROOT / "widgets" / "package.json").read_text())
    assert project["project"]["version"] == package["version"]


def test_public_names_are_sorted_and_there() -> None:
    names = list(agentbench.__all__)
    assert names == sorted(names)
    assert [name for name in names if not hasattr(agentbench, name)] == []


def test_every_fault_of_the_catalogue_is_in_a_named_test() -> None:
    wanted = {f"t{number:02}" for number in range(1, 32)}
    wanted |= {f"t32{letter}" for letter in "abcdef"}
    # T33 to T58: inert files, consent, secrets, the network, bounds, what is shown.
    wanted |= {f"t{number}" for number in range(33, 59)}
    names = [
        number
        for file in (ROOT / "tests").rglob("test_*.py")
        for match in re.finditer(r"def test_((?:t\d\d[a-f]?_)+)", file.read_text())
        for number in match[1].split("_")
    ]
    assert wanted - set(names) == set()
