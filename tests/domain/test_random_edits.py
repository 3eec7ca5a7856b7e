"""Any edits in any order: each can be undone and done again, kept, and said in Python."""

import pytest
from hypothesis import Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agentbench.domain import edit
from agentbench.domain.errors import GraphError
from agentbench.domain.function_block import FunctionBlock
from agentbench.domain.graph import Graph
from agentbench.workbench.plugins import Plugins
from tests.domain.conftest import shout
from tests.domain.rebuilding import rebuilt
from tests.examples import IS_SOAK, SEED, looks
from tests.kernels import with_samples

BLOCKS = with_samples(Plugins().blocks())
BLOCKS.register(FunctionBlock(shout, id="mine.shout"))

texts = st.text('ab\n"$é', max_size=3)
CONSTANTS = {
    "test.add": {"left": st.integers(), "right": st.integers()},
    "test.numbers": {"count": st.integers(0, 9)},
    "test.countdown": {"number": st.integers(0, 3)},
    "mine.shout": {"text": texts, "times": st.integers(), "title": texts},
    "values.note": {"text": texts},
    "values.constant": {
        "value": st.recursive(
            st.none()
            | st.booleans()
            | st.floats(allow_nan=False, allow_infinity=False)
            | texts,
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(texts | st.just("$lines"), inner, max_size=3)
            ),
            max_leaves=5,
        )
    },
    "agent.input": {
        "name": texts.map(lambda text: text + "n"),
        "default": st.integers(),
    },
    "data.make_dictionary": {
        "names": st.lists(st.sampled_from(["a", "b", "c d", "class"]), unique=True)
    },
}
IDS = st.sampled_from(
    ["a-b", "a_b", "a_b_", "1", "node_1", "node-1", "class", "class_", "graph", "ab"]
)
PORTS = ("left", "right", "number", "text", "value", "result", "error", "again", "done")
ports = st.sampled_from([*PORTS, "names", "a", "b", "c d", "name", "default", "count"])
numbers = st.floats(-1e7, 1e7) | st.integers(-9999, 9999).map(float)
positions = st.none() | st.tuples(numbers, numbers)


class Edits(RuleBasedStateMachine):
    """A graph, and how to take back what was done to it."""

    def __init__(self):
        super().__init__()
        self.graph = Graph("sample", blocks=BLOCKS)
        self.history = []

    def carry_out(self, *steps):
        before = self.graph.to_json()
        try:
            change = self.graph.apply(*steps)
        except GraphError:
            assert self.graph.to_json() == before, "all or none"
            return
        after = self.graph.to_json()
        self.graph.apply(*change.undo)
        assert self.graph.to_json() == before
        again = self.graph.apply(*change.done)
        assert self.graph.to_json() == after
        self.history.append((before, again.undo))

    def some(self, data):
        return data.draw(st.sampled_from(sorted(self.graph.nodes)))

    has_nodes = precondition(lambda self: self.graph.nodes)
    has_links = precondition(lambda self: self.graph.links)

    @rule(data=st.data(), block=st.sampled_from(sorted(CONSTANTS)), id=st.none() | IDS)
    def add_node(self, data, block, id):
        given = data.draw(st.fixed_dictionaries({}, optional=CONSTANTS[block]))
        title, place = data.draw(texts), data.draw(positions)
        self.carry_out(
            edit.AddNode(
                block=block, id=id, title=title, constants=given, position=place
            )
        )

    @has_nodes
    @rule(data=st.data())
    def remove_node(self, data):
        self.carry_out(edit.RemoveNode(id=self.some(data)))

    @has_nodes
    @rule(data=st.data(), position=positions, title=texts)
    def move_and_name(self, data, position, title):
        id = self.some(data)
        self.carry_out(
            edit.MoveNode(id=id, position=position), edit.SetTitle(id=id, title=title)
        )

    @has_nodes
    @rule(data=st.data())
    def set_constant(self, data):
        id = self.some(data)
        known = CONSTANTS[self.graph.node(id).block]
        port = data.draw(st.sampled_from(sorted(known)) | ports)
        value = data.draw(known.get(port, st.integers()))
        self.carry_out(edit.SetConstant(id=id, port=port, value=value))

    @has_nodes
    @rule(data=st.data(), port=ports)
    def clear_constant(self, data, port):
        self.carry_out(edit.ClearConstant(id=self.some(data), port=port))

    @has_nodes
    @rule(
        data=st.data(),
        option=st.sampled_from(["timeout", "concurrency", "ordered", "colour"]),
        value=st.none() | st.integers(-1, 9) | st.booleans() | st.floats(0.1, 9),
    )
    def set_option(self, data, option, value):
        self.carry_out(edit.SetOption(id=self.some(data), option=option, value=value))

    @has_nodes
    @rule(data=st.data(), sticky=st.booleans())
    def add_link(self, data, sticky):
        source, target = self.some(data), self.some(data)
        outputs = [port.name for port in self.graph.outputs_of(source)]
        inputs = [port.name for port in self.graph.inputs_of(target)]
        self.carry_out(
            edit.AddLink(
                source=source,
                output=data.draw(st.sampled_from(outputs or ["result"])),
                target=target,
                input=data.draw(st.sampled_from(inputs or ["names"])),
                sticky=sticky,
            )
        )

    @has_links
    @rule(data=st.data())
    def remove_link(self, data):
        link = data.draw(st.sampled_from(sorted(self.graph.links)))
        ends = dict(zip(("source", "output", "target", "input"), link.key, strict=True))
        self.carry_out(edit.RemoveLink(**ends))

    @has_nodes
    @rule(data=st.data())
    def several_at_once(self, data):
        ids = [self.some(data), self.some(data)]
        self.carry_out(
            edit.SetTitle(id=ids[0], title="first"),
            edit.RemoveNode(id=ids[1]),
            edit.AddNode(block="test.add", constants={"left": 1}),
            edit.MoveNode(id=ids[0], position=(1, 2)),
        )

    @rule(name=texts, description=st.none() | texts)
    def rename(self, name, description):
        self.carry_out(edit.Rename(name=name, description=description))

    @precondition(lambda self: self.history)
    @rule()
    def take_back(self):
        before, undo = self.history.pop()
        self.graph.apply(*undo)
        assert self.graph.to_json() == before

    @invariant()
    def is_kept_to_the_byte(self):
        text = self.graph.to_json()
        read = Graph.from_json(text, blocks=BLOCKS)
        assert not read.damage
        read.apply()  # an edit of nothing: written anew, not handed back
        assert read.to_json() == text

    @invariant()
    def is_built_again_by_its_script(self):
        if not self.is_outdated():
            assert rebuilt(self.graph).to_json() == self.graph.to_json()

    def is_outdated(self):
        """Whether something belongs to an input that is gone: no code may say that."""
        graph = self.graph
        inputs = {id: {port.name for port in graph.inputs_of(id)} for id in graph.nodes}
        return any(
            node.constants.keys() - inputs[id] for id, node in graph.nodes.items()
        ) or any(link.input not in inputs[link.target] for link in graph.links)


@pytest.mark.timeout(1800 if IS_SOAK else 120)
def test_any_edits_can_be_undone_kept_and_said_in_python():
    seed(SEED)(Edits)
    # Making a failing case small takes minutes here: only a soak has them.
    phases = [Phase.generate, *([Phase.shrink] if IS_SOAK else [])]
    chosen = settings(looks(60, soak=1_000), stateful_step_count=20, phases=phases)
    run_state_machine_as_test(Edits, settings=chosen)
