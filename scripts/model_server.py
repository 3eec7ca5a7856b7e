"""Serves a model file over HTTP as OpenAI's protocol, until its input is closed; prints the URL.

llama.cpp in a process of its own, on a port that the system chooses, with one thread: two
that spin on a busy core are slower than one.
"""

import sys

import xllamacpp

CONTEXT = 4096


def serve(weights: str) -> None:
    """Loads the weights, prints where they answer, and waits for the end of the input."""
    params = xllamacpp.CommonParams()
    params.model.path = weights
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.verbosity = 0
    params.warmup = False
    params.cpuparams.n_threads = 1
    params.port = 0
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    serve(sys.argv[1])
