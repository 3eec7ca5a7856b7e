/**
 * The inspector in a cell: a tiny beginning, which shows what is at hand and gets the rest.
 *
 * Inspectors come as often as `print`, so each carries next to nothing. The view itself is
 * fetched from the kernel once for all inspectors of a page, and kept there under the hash
 * of its code. No React here: this is what travels with every inspector.
 */

import { Asking } from "../bridge/asking";
import type { Model } from "../bridge/model";
import { saveLittle } from "../bridge/saved";
import type { InspectedValue } from "../protocol/messages";
import { moduleOf } from "../ui/late-code";

interface Given {
  model: Model;
  el: HTMLElement;
}

/** What `late.tsx` exports. */
interface View {
  mount(model: Model, place: HTMLElement): () => void;
}

async function viewOf(model: Model, place: Node): Promise<View> {
  const asking = new Asking(model);
  try {
    const hash = String(model.get("code_hash") ?? "");
    return await moduleOf<View>("inspector", asking.ask, place, hash);
  } finally {
    asking.close();
  }
}

/** The values in a few words and pictures, until the view is there. */
function glance(model: Model): HTMLElement[] {
  const shown = (model.get("shown") as InspectedValue[] | undefined) ?? [];
  return shown.flatMap(({ port, bundle }) => {
    const name = document.createElement("strong");
    name.textContent = shown.length > 1 ? port : "";
    const png = bundle.data["image/png"];
    const body = document.createElement(png ? "img" : "pre");
    if (body instanceof HTMLImageElement) {
      body.src = `data:image/png;base64,${png}`;
      body.style.maxWidth = "100%";
    } else {
      body.textContent = String(bundle.data["text/plain"] ?? "").slice(0, 4000);
    }
    return [name, body];
  });
}

export default {
  initialize({ model }: Omit<Given, "el">) {
    void saveLittle(model);
  },

  render({ model, el }: Given) {
    const place = document.createElement("div");
    place.append(...glance(model));
    el.append(place);
    let isGone = false;
    let unmount = () => {};
    viewOf(model, place).then(
      (view) => {
        if (!isGone) unmount = view.mount(model, place);
      },
      () => {}, // the kernel is gone or older: what is shown stays
    );
    return () => {
      isGone = true;
      unmount();
      place.remove();
    };
  },
};
