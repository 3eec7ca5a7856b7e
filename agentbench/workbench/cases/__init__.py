"""Cases: saved runs that an agent is held to, with the calls that it made.

A case is a folder: `case.json` says which agent, its inputs and what is expected;
`calls/` is the recording. `case.py` is that file, `check.py` one expectation,
`trial.py` runs a case, and `saving.py` makes one of a run.
"""

from agentbench.workbench.cases.case import Case, find_cases, is_case, read_case
from agentbench.workbench.cases.saving import save_case
from agentbench.workbench.cases.trial import Trial, try_case

__all__ = [
    "Case",
    "Trial",
    "find_cases",
    "is_case",
    "read_case",
    "save_case",
    "try_case",
]
