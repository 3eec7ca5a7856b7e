"""Archives: what every reader of a .zip asks before it reads its list."""

MOST_MEMBERS = 10_000
MOST_LISTED = 10 * MOST_MEMBERS
"""Lines of its list that are read at all."""


class ArchiveRefused(ValueError):
    """The archive cannot be read, or would do harm."""


def check_listed(data: bytes, called: str = "'archive'") -> None:
    """Refuses a .zip whose list alone would fill the memory, before that is read.

    Counted is what begins every line of such a list; the .zip files inside count too.

    Raises:
        ArchiveRefused: it lists more than `MOST_LISTED`.
    """
    if (listed := data.count(b"PK\x01\x02")) > MOST_LISTED:
        raise ArchiveRefused(
            f"{called} holds {listed} files; {MOST_MEMBERS} is the most."
        )
