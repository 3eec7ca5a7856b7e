"""`import agentbench` stays light: heavy libraries load when first used."""

import subprocess
import sys

HEAVY = {
    "altair", "anthropic", "anywidget", "cryptography", "duckdb", "httpx", "httpx2", "ipykernel", "IPython",
    "ipywidgets", "jsonschema", "keyring", "mcp", "openai",
    "pandas", "psycopg", "pyarrow", "pydantic_ai", "redis", "sqlalchemy",
}  # fmt: skip


def test_import_loads_no_heavy_library() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import agentbench"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = [line.rsplit("|", 1) for line in ran.stderr.splitlines()]
    loaded = {row[-1].strip().partition(".")[0] for row in rows}
    assert "agentbench" in loaded
    assert not loaded & HEAVY


def test_load_ext_loads_no_workbench() -> None:
    code = (
        "import sys; from IPython.core.interactiveshell import InteractiveShell;"
        "shell = InteractiveShell.instance(); before = set(sys.modules);"
        "shell.run_line_magic('load_ext', 'agentbench');"
        "assert 'agent' in shell.magics_manager.magics['line'];"
        "print(*sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, capture_output=True, text=True, check=True)
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert "agentbench" in loaded
    assert not loaded & (HEAVY - {"IPython"} | {"pydantic", "msgspec"})
    assert "agentbench.workbench" not in ran.stdout.split()
