"""Where the parts are put together; the only room that picks one.

`workbench` is the whole, `parts` what it is made of, `backends` picks stores and locks by URL, `plugins` fills the
registries, `agents` opens and saves, `run` is a run as people hold it, and `api` is
what `import agentbench` gives. `runs`, `firings`, `events` and `outputs` are what there is to
know of runs, as data; `run_file` is a run in a file.
"""
