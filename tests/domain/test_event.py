import msgspec
import pytest

from agentbench.domain.event import RunStarted, ValueEmitted, decode_event, encode_event
from agentbench.domain.run import FIRING_TRANSITIONS, RUN_TRANSITIONS, RunStatus
from agentbench.domain.value import InlineValue, LiveValue, StoredValue

PLACE = {"seq": 3, "at": 1.5, "node": "n", "firing": 2, "port": "out"}


@pytest.mark.parametrize(
    "value",
    [
        InlineValue({"a": [1, None, "ü"]}),
        StoredValue(codec="json", blob="ab", size=2, type="list"),
        LiveValue(type="lock"),
    ],
)
def test_events_come_back_as_they_were(value):
    event = ValueEmitted(**PLACE, value=value)
    assert decode_event(encode_event(event)) == event


def test_events_are_frozen_and_foreign_ones_refused():
    event = ValueEmitted(**PLACE, value=InlineValue(1))
    with pytest.raises(AttributeError):
        event.port = "other"
    with pytest.raises(msgspec.ValidationError):
        decode_event(b'{"kind": "something_else", "seq": 1, "at": 0}')
    assert RunStarted.__struct_config__.tag == "run_started"


def test_every_status_has_its_row_and_only_ended_runs_are_final():
    assert set(RUN_TRANSITIONS) == set(RunStatus)
    assert {s for s in RunStatus if s.is_final} == {"completed", "failed", "stopped"}
    assert all(
        after in FIRING_TRANSITIONS
        for row in FIRING_TRANSITIONS.values()
        for after in row
    )
