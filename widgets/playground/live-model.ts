/** A model with a real kernel half behind it, over plain HTTP: `tests/browser/live.py`. */

import { FakeModel } from "../src/bridge/fake-model";
import type { ToView } from "../src/protocol/messages";

/** A model whose messages go to `/kernel`, and whose answers are fetched from there. */
export function liveModel(): FakeModel {
  const model = new FakeModel({ height: 620, title: "", run_status: "" }, (message) => {
    fetch("kernel", { method: "POST", body: JSON.stringify(message) });
  });
  listen(model);
  return model;
}

async function listen(model: FakeModel): Promise<void> {
  for (let after = 0; ; ) {
    const answer = await fetch(`kernel?after=${after}`);
    const messages = (await answer.json()) as ToView[];
    after += messages.length;
    for (const message of messages) model.tell(message);
  }
}
