/** Asks for the name of the agent that the selected nodes become. */

import { type FormEvent, useState } from "react";
import { Button } from "../ui/button";
import { takeFocus, useLocal, useView } from "./view";

export function NameAgent() {
  const nodes = useLocal((state) => state.naming);
  return nodes && nodes.length > 0 ? <Form nodes={nodes} /> : null;
}

function Form({ nodes }: { nodes: readonly string[] }) {
  const view = useView();
  const [name, setName] = useState("");
  const close = () => {
    view.local.setState({ naming: null });
    takeFocus(view);
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim()) return;
    close();
    view.rearranging.collapse([...nodes], name.trim());
  };
  const what =
    nodes.length === 1 ? "This node becomes" : `${nodes.length} nodes become`;
  return (
    <>
      <div className="ab-menu-veil" onPointerDown={close} aria-hidden />
      <form className="ab-name-agent" aria-label="Make an agent" onSubmit={send}>
        <label htmlFor="ab-name-agent">
          {what} an agent of its own. Its name in the library:
        </label>
        <input
          id="ab-name-agent"
          className="ab-field-input"
          // biome-ignore lint/a11y/noAutofocus: it was opened to be typed in
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={name}
          placeholder="Name"
          onChange={(event) => setName(event.target.value)}
        />
        <p>
          Links that come in become its inputs, links that go out its outputs. Undo
          brings the nodes back.
        </p>
        <div className="ab-name-agent-buttons">
          <Button label="Cancel" onClick={close} />
          <Button
            label="Make the agent"
            look="primary"
            type="submit"
            disabled={!name.trim()}
          />
        </div>
      </form>
    </>
  );
}
