"""What the library below us logs: at its most talkative, the headers of every response."""

import logging
import weakref

from agentbench.domain.redaction import Redaction

LOGGERS = ("httpcore.connection", "httpcore.http11", "httpcore.proxy")

_redactions: "weakref.WeakSet[Redaction]" = weakref.WeakSet()


def mask_logs(redaction: Redaction) -> None:
    """Masks what a redaction knows in the library's log, as long as the redaction lives."""
    if not _redactions:
        for name in LOGGERS:
            logging.getLogger(name).addFilter(_masked)
    _redactions.add(redaction)


def _masked(record: logging.LogRecord) -> bool:
    text = record.getMessage()
    for redaction in list(_redactions):
        text = redaction.text(text)
    record.msg, record.args = text, ()
    return True
