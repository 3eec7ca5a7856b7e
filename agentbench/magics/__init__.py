"""The notebook door: `%agent` and what `%load_ext agentbench` puts into the shell.

A verb of `%agent` is a function in a file of `agentbench/magics/verbs/`; add it there
and to the list `VERBS`.
"""
