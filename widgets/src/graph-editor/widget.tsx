/**
 * The graph editor as an anywidget.
 *
 * `initialize` must stay tiny and synchronous: a model that is not ready within two seconds
 * gets no message, ever. The session is made there, once per model; each view has a state
 * of its own.
 */

import { createRoot } from "react-dom/client";
import { browserDrafts } from "../bridge/drafts";
import type { Model } from "../bridge/model";
import { saveLittle } from "../bridge/saved";
import { ErrorBoundary } from "../renderers/error-boundary";
import { keepKeysInside } from "../ui/keep-keys";
import { Actions } from "./actions";
import { followKernel } from "./canvas-changes";
import { followClipboard } from "./clipboard";
import { Editor } from "./editor";
import { createLocalState } from "./local-state";
import { startPalette } from "./palette-start";
import { Rearranging } from "./rearranging";
import { Session } from "./session";
import type { View } from "./view";
import "@xyflow/react/dist/base.css";
import "../ui/tokens.css";
import "../ui/ui.css";
import "./styles.css";

interface Given {
  model: Model;
  signal?: AbortSignal;
}

/** What is shown when the editor itself breaks: the graph is safe in the kernel. */
function Broken() {
  return (
    <p className="ab-broken" role="alert">
      The editor stopped working here. Nothing of the graph is lost: it is in the
      kernel. Run the cell again, or <code>%agent show</code>, to bring the canvas back.
    </p>
  );
}

export default function graphEditor() {
  let session: Session | undefined;

  function open(model: Model): Session {
    const opened = new Session(model);
    opened.keepDrafts(browserDrafts());
    opened.start();
    return opened;
  }

  return {
    initialize({ model, signal }: Given) {
      session = open(model);
      void saveLittle(model);
      const close = () => session?.close();
      signal?.addEventListener("abort", close);
      return close;
    },

    render({ model, el }: Given & { el: HTMLElement }) {
      session ??= open(model);
      const local = createLocalState();
      startPalette(session, local, el);
      const stop = new AbortController();
      keepKeysInside(el, stop.signal);
      const inside = document.createElement("div");
      inside.className = "ab-inside";
      el.append(inside);
      const root = createRoot(inside);
      const actions = new Actions(session, local);
      const rearranging = new Rearranging(session, local, actions);
      const hands = { flow: null, pointer: null };
      const view: View = {
        session,
        local,
        actions,
        rearranging,
        root: inside,
        ...hands,
      };
      followClipboard(view, stop.signal);
      const unfollow = followKernel(view);
      root.render(
        <ErrorBoundary of={view} instead={<Broken />}>
          <Editor view={view} />
        </ErrorBoundary>,
      );
      return () => {
        root.unmount();
        unfollow();
        stop.abort();
        inside.remove();
      };
    },
  };
}
