/** One field opened large, over the widget that it is in: for code and text on a node. */

import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { Dialog } from "../ui/dialog";
import type { ControlProps } from "./control";
import "./large.css";

interface Props {
  /** The field: its title and its help head the dialog. */
  of: Pick<ControlProps, "label" | "title" | "help">;
  /** What was pressed to open it: it is found again when it closes. */
  opener: HTMLElement;
  close(): void;
  children: ReactNode;
}

const FIELDS = "textarea, .cm-content, input, select";

export function Large({ of, opener, close, children }: Props) {
  const card = useRef<HTMLDivElement>(null);
  const place = opener.closest<HTMLElement>(".ab-root") ?? document.body;
  useEffect(() => {
    card.current?.focus();
    card.current?.querySelector<HTMLElement>(FIELDS)?.focus();
    return () => opener.focus({ preventScroll: true });
  }, [opener]);
  return createPortal(
    // biome-ignore lint/a11y/noStaticElementInteractions: the canvas is not to hear of it
    <div
      className="ab-field-large nokey nodrag nopan nowheel"
      onPointerDown={(event) => event.stopPropagation()}
      onMouseDown={(event) => event.stopPropagation()}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <Dialog
        title={of.title ?? of.label}
        {...(of.help ? { help: of.help } : {})}
        size="large"
        card={card}
        close={close}
      >
        {children}
      </Dialog>
    </div>,
    place,
  );
}
