"""The fence that models put around an answer."""

import pytest

from agentbench.domain.fenced import unfenced


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ("\n ```\n\n[1]\n\n```  \n", "[1]"),
        ("```\r\n1```", "1"),
        ("```\na\n```\nand more", None),
        ("``````", None),
        ("no fence", None),
    ],
)
def test_a_fence_around_all_of_a_text_is_taken_off(
    text: str, inside: str | None
) -> None:
    assert unfenced(text) == (text if inside is None else inside)
