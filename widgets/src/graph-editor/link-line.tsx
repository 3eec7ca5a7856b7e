/** A link: coloured by type, dashed when sticky, with the count of what went over it. */

import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
} from "@xyflow/react";
import { type CSSProperties, memo } from "react";
import { typeColour } from "../graph/types";
import { Icon } from "../ui/icon";
import type { FlowLink } from "./flow";
import { openLinkMenu } from "./menus";
import { useKernel, useView } from "./view";

export const LinkLine = memo(function LinkLine(props: EdgeProps<FlowLink>) {
  const { id, data, selected, source, target } = props;
  const view = useView();
  const count = useKernel((state) => state.run?.link_counts[id] ?? 0);
  const isFlowing = useKernel(
    (state) =>
      state.states[source]?.status === "running" &&
      state.states[target]?.status !== "completed",
  );
  const [path, x, y] = getBezierPath(props);
  const link = data?.link;
  if (!link) return null;
  const style = {
    "--ab-type": typeColour(link.types, link.output),
  } as CSSProperties;
  const classes = ["ab-link"];
  if (selected) classes.push("ab-selected");
  if (link.sticky) classes.push("ab-sticky");
  if (isFlowing) classes.push("ab-flowing");
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={classes.join(" ")}
        style={style}
        interactionWidth={18}
      />
      {(count > 0 || link.sticky) && (
        <EdgeLabelRenderer>
          <button
            type="button"
            tabIndex={-1}
            className="ab-link-count nodrag nopan"
            data-sticky={link.sticky || undefined}
            data-plain={(count <= 1 && !link.sticky) || undefined}
            style={{
              ...style,
              transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
            }}
            title={sayings(count, link.sticky)}
            onClick={(event) => openLinkMenu(view, link, event)}
            onContextMenu={(event) => openLinkMenu(view, link, event)}
          >
            {link.sticky && <Icon name="sticky" size={11} />}
            {count > 0 && <span>{count}</span>}
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** What the mark on a link says. */
function sayings(count: number, isSticky: boolean): string {
  const values = `${count.toLocaleString("en")} ${count === 1 ? "value" : "values"} so far`;
  if (!isSticky) return values;
  const sticky = "Sticky: its newest value stays for every later firing";
  return count > 0 ? `${sticky} · ${values}` : sticky;
}
