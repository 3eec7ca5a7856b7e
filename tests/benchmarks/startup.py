"""What `%load_ext agentbench` adds to a kernel that has ipywidgets already."""

import statistics
from typing import Any

from jupyter_client.manager import start_new_kernel

KERNELS = 5
CODE = """
import ipywidgets, IPython, time
began = time.perf_counter()
get_ipython().run_line_magic("load_ext", "agentbench")
print(time.perf_counter() - began)
"""


def startup() -> dict[str, float]:
    """Milliseconds, in the middle of several new kernels; the first only fills caches."""
    taken = [_one() for _ in range(KERNELS + 1)][1:]
    return {"load_ext_ms": statistics.median(taken) * 1e3}


def _one() -> float:
    said: list[str] = []

    def hear(message: Any) -> None:
        if message["msg_type"] == "stream":
            said.append(message["content"]["text"])

    kernel, client = start_new_kernel(kernel_name="python3")
    try:
        client.execute_interactive(CODE, timeout=60, output_hook=hear)
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    return float("".join(said))
