import pytest

from agentbench.domain.errors import InputError
from agentbench.domain.port import Port
from agentbench.workbench.inputs import read_inputs

PORTS = {"city": Port(name="city", annotation=str), "n": Port(name="n", annotation=int)}


def test_text_stays_text_and_the_rest_is_read_as_json():
    words = ["city=2024", "n=3", "other=[1]", "more=hello", "empty="]
    assert read_inputs(words, PORTS) == {
        "city": "2024",
        "n": 3,
        "other": [1],
        "more": "hello",
        "empty": "",
    }


@pytest.mark.parametrize("word", ["5", "=5", ""])
def test_a_word_of_another_form_is_refused(word):
    with pytest.raises(InputError, match="write NAME=VALUE"):
        read_inputs([word], PORTS)


@pytest.mark.parametrize("text", ["9" * 5000, "[" * 100_000])
def test_what_python_cannot_read_as_json_is_text(text):
    assert read_inputs([f"n={text}"], PORTS) == {"n": text}


def test_an_input_given_twice_is_refused():
    with pytest.raises(InputError, match="Input 'a' is given twice"):
        read_inputs(["a=1", "b=2", "a=2"], {})


def test_what_is_lacking_is_said_once():
    with pytest.raises(InputError, match=r"^Input 'foo' has no value; write NAME"):
        read_inputs(["foo"], {})
