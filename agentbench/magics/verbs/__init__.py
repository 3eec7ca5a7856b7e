"""The verbs of `%agent`: a file is a family. Add a verb to its file and to `VERBS`."""

from agentbench.magics.verbs import catalogue, credentials, graphs, mcp, replays, runs

VERBS = (
    graphs.new,
    graphs.open_,
    graphs.show,
    graphs.save,
    graphs.list_,
    graphs.versions,
    graphs.code,
    runs.run,
    runs.runs,
    runs.stop,
    runs.resume,
    runs.answer,
    runs.waiting,
    replays.replay,
    replays.case,
    catalogue.blocks,
    catalogue.renderers,
    mcp.mcp,
    catalogue.doctor,
    credentials.credentials_,
)
