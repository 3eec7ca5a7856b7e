/** What lies over the canvas while two states of the agent are held against each other. */

import { plainOf } from "../graph/diff";
import type { PlainGraph } from "../protocol/messages";
import { Button } from "../ui/button";
import { takeFocus, useKernel, useView } from "./view";

/** What is on the canvas now, as plain data. */
export function useMine(): PlainGraph {
  const name = useKernel((state) => state.about.name);
  const nodes = useKernel((state) => state.nodes);
  const links = useKernel((state) => state.links);
  return plainOf(name, nodes, links);
}

interface FrameProps {
  title: string;
  said: string;
  children: React.ReactNode;
}

export function ReviewFrame({ title, said, children }: FrameProps) {
  const view = useView();
  const close = () => {
    view.local.setState({ review: null });
    takeFocus(view);
  };
  return (
    <section
      className="ab-review"
      aria-label={title}
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        close();
      }}
    >
      <header className="ab-review-head">
        <h2>{title}</h2>
        <span>{said}</span>
        <span className="ab-stretch" />
        <Button icon="close" label="Close" isIconOnly autoFocus onClick={close} />
      </header>
      {children}
    </section>
  );
}
