"""Runs pytest, and a test or two that fail beside others once more by themselves.

Some eight thousand tests share two processors here. One that fails only in company is
flaky, and flaky is broken: it is named, loudly, to be mended. But it does not hide what
the tests behind it would have said. More than `MOST` failures are no accident, and
neither is one that comes again.
"""

import os
import sys
from typing import NoReturn

import pytest

MOST = 2
"""So many failures may be an accident of the machine."""
FENCE = "=" * 79


class Failures:
    """The failed tests, in the order in which they failed."""

    def __init__(self) -> None:
        self.tests: dict[str, None] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Notes a failure, also one that a process which shares the tests has sent."""
        if report.failed:
            # The cells of a notebook build on those above: they are run again as a whole.
            notebook, ending, _ = report.nodeid.partition(".ipynb")
            self.tests[notebook + ending] = None


def main(*arguments: str) -> int:
    """The exit status of pytest, or of the failed tests by themselves."""
    failures = Failures()
    status = int(pytest.main(list(arguments), plugins=[failures]))
    tests = list(failures.tests)
    if status == pytest.ExitCode.TESTS_FAILED and 0 < len(tests) <= MOST:
        run_alone(tests, [word for word in arguments if word.startswith("--nbval")])
    return status


def run_alone(tests: list[str], options: list[str]) -> NoReturn:
    """Runs tests once more, in this process's place: it has to end, and sees to it."""
    listed = "".join(f"    {test}\n" for test in tests)
    print(
        f"{FENCE}\nFAILED BESIDE OTHERS, now run alone:\n{listed}"
        f"If they pass they are flaky, which is a fault: theirs or ours. Mend it.\n{FENCE}",
        flush=True,
    )
    command = [sys.executable, "-m", "pytest", *options, *tests]
    os.execv(sys.executable, command)  # noqa: S606 - the same Python


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
