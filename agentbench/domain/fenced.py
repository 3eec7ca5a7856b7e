"""Fenced: the text inside the Markdown fence that models like to put around an answer."""

_FENCE = "```"


def unfenced(text: str) -> str:
    """What stands in the fence that the whole text is; the text itself where it is none.

    By hand and not by a pattern, so that the time it takes is in proportion to the text.
    """
    whole = text.strip()
    head, line, _ = whole.partition("\n")
    language = head.removeprefix(_FENCE).strip()
    is_open = head.startswith(_FENCE) and (not language or language.isidentifier())
    end = whole.rfind(_FENCE)
    if not (line and is_open and end > len(head) and whole.endswith(_FENCE)):
        return text
    return whole[len(head) + 1 : end].strip("\r\n")
