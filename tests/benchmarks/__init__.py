"""How fast we are, beside bare asyncio and beside others; run by `make bench`.

`python -m tests.benchmarks` measures everything, `--engine-only` just bare asyncio and
us, `--editor-only` just the canvas, in a headless Chromium. A ratio is always taken within one process, with the reference timed beside the
subject in every round, so that it does not span two moods of the machine.

shapes      the graphs, and the answer each must give
reference   bare asyncio: what any engine is measured against
engine      we ourselves, with the durable log and with the in-memory store
peers/      the others, each in a process of the environment `.venv-bench`
others      a round of bare asyncio, one of them and us, again and again
environment their environment, and why one cannot be had in it
locks       take and release, crowds and hand-overs, beside redis-py
scale       long runs, large graphs
film        a run of 100,000 firings looked at, stepped through, written as a page
startup     `%load_ext agentbench`
editor      the canvas: first paint, panning, statuses, typing, the size of an edit
timing      rounds and medians
bars        what was promised, met or missed
report      the table and the JSON
"""
