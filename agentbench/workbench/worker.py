"""The program of a worker process: joins the parts that a worker is made of.

The kernel starts it as `python -P -m agentbench.workbench.worker CHANNEL LINE`, two
inherited sockets; see `agentbench.workers`.
"""

import sys

from agentbench.codecs import CODECS, Codecs
from agentbench.workers.child import serve

if __name__ == "__main__":
    serve(Codecs(CODECS), channel=int(sys.argv[1]), line=int(sys.argv[2]))
