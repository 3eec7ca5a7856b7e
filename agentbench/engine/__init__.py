"""Running a graph: validate it, plan its firings, execute them, fold its events.

`plan` is the semantics and pure; `executor` is one run; `loop` is the thread they live on.
"""
