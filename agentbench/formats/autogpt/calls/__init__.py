"""AutoGPT's blocks that call somebody's HTTP API, by plain HTTP through the one door.

To add one: a line in the table of its file, by the words that `call` explains; the facts of
an API and where they are said stand at the top of its file. A case with what the API answers
goes into `tests/formats/autogpt/calls/`.
"""

from collections.abc import Mapping

from agentbench.formats.autogpt.block import Work
from agentbench.formats.autogpt.calls import (
    agent_mail,
    desks,
    discord,
    github,
    google,
    machines,
    media,
    search,
    telegram,
    todoist,
    triggers,
    twitter,
    websets,
)

CALLS: Mapping[str, Work] = {
    **search.SEARCH,
    **media.MEDIA,
    **machines.MACHINES,
    **github.GITHUB,
    **google.GOOGLE,
    **telegram.TELEGRAM,
    **discord.DISCORD,
    **desks.DESKS,
    **todoist.TODOIST,
    **agent_mail.AGENT_MAIL,
    **twitter.TWITTER,
    **websets.WEBSETS,
    **triggers.TRIGGERS,
}
"""By AutoGPT's name of the block."""
