/** A model with a real kernel half behind it, over plain HTTP: `tests/browser/live.py`. */

import { FakeModel } from "../src/bridge/fake-model";
import type { ToView } from "../src/protocol/messages";

/** A model whose messages go to `/kernel/…`, and whose answers are fetched from there. */
export function liveModel(number: string): FakeModel {
  const address = `kernel/${number}`;
  // One after another, as Jupyter has it: requests side by side may overtake each other.
  let sent: Promise<unknown> = Promise.resolve();
  const model = new FakeModel({ height: 620, title: "", run_status: "" }, (message) => {
    const body = JSON.stringify(message);
    sent = sent.then(() => fetch(address, { method: "POST", body })).catch(() => {});
  });
  listen(model, address);
  return model;
}

async function listen(model: FakeModel, address: string): Promise<void> {
  for (let after = 0; ; ) {
    const answer = await fetch(`${address}?after=${after}`);
    const messages = (await answer.json()) as ToView[];
    after += messages.length;
    for (const message of messages) model.tell(message);
  }
}
