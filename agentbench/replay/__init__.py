"""Replay: recordings of what runs asked of the outside, and answers from them.

A recording is a folder: one small JSON file a call, made to be read and to be compared
by git; what is no text lies beside it. `folder.py` is the folder, `written.py` the
form of a file, `secrets.py` what never gets into one, `recorder.py` a run's calls, and
`web.py` the door to the network among them.
"""

from agentbench.replay.folder import is_ours, pruned, write_whole
from agentbench.replay.recorder import FolderRecorder
from agentbench.replay.written import read, written

__all__ = ["FolderRecorder", "is_ours", "pruned", "read", "write_whole", "written"]
