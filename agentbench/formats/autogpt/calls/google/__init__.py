"""Google: documents, sheets, mail and the calendar, by their REST APIs.

A credential of Google's needs the scopes of what is done: `documents`, `spreadsheets`, `drive.file` (to
share), `gmail.modify`, `calendar.events`.
"""

from collections.abc import Mapping

from agentbench.formats.autogpt.block import Work
from agentbench.formats.autogpt.calls.google import docs, mail, sheets

GOOGLE: Mapping[str, Work] = {**docs.DOCS, **sheets.SHEETS, **mail.MAIL}
