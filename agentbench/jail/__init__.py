"""The jail: what a process shuts itself off from before it runs a program of others.

Nothing here looks at the program: a process has its rights taken by the system, for good,
and whatever then runs in it has none to win back. It needs no root. What each system gives:

- Linux 5.13 and later, on x86-64 and ARM 64: files (Landlock), other processes and the
  network (seccomp), and where an account may have them, namespaces of its own besides.
- macOS, Windows, other processors: limits of memory, time and size at most. The process
  says what is missing and runs nothing, unless it was told to run all the same.

Only the standard library is used: `inside` runs in a bare interpreter, without the rest of
the package.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

REFUSED = 97
"""How the process ends that did not run the program; its answer then names what is missing."""

_START = """
import sys, types
package = sys.modules["agentbench"] = types.ModuleType("agentbench")
package.__path__ = [sys.argv[1]]
from agentbench.jail.inside import main
del sys.modules["agentbench"], package
main()
"""


def command() -> list[str]:
    """What starts a process that jails itself; it reads its orders from its input.

    The orders are JSON, see `inside.Orders`.
    """
    place = str(Path(__file__).parent.parent)
    return [sys.executable, "-I", "-c", _START, place]


def lacks(words: Sequence[str] = ()) -> list[str]:
    """What this system cannot keep a program from; starts a process to find out.

    `words` start it, where that is not `command`.

    Raises:
        OSError: it could not be started, or did not say.
    """
    with tempfile.TemporaryDirectory(prefix="agentbench-jail-") as place:
        answer = Path(place, "answer.json")
        orders: dict[str, Any] = {
            "code": "'in'",
            "inputs": {},
            "answer": str(answer),
            "folders": [],
            "memory": 10**9,
            "seconds": 10,
            "file": 10**6,
            "network": False,
            "is_partial": False,
        }
        given = json.dumps(orders).encode()
        ended = subprocess.run(  # noqa: S603 - our own Python
            words or command(),
            input=given,
            capture_output=True,
            timeout=30,
            check=False,
        )
        try:
            said = json.loads(answer.read_text("utf-8"))
        except ValueError:
            why = ended.stderr.decode(errors="replace").strip()
            raise OSError(
                f"the jail ended with code {ended.returncode}: {why}"
            ) from None
    return list(said.get("missing", ()))
