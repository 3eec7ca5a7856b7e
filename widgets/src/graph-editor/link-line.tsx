/** A link: coloured by type, dashed when sticky, with the count of what went over it. */

import {
  BaseEdge,
  EdgeLabelRenderer,
  type EdgeProps,
  getBezierPath,
} from "@xyflow/react";
import { type CSSProperties, memo } from "react";
import { typeColour } from "../graph/types";
import { Icon, type IconName } from "../ui/icon";
import type { FlowLink } from "./flow";
import { whyBroken } from "./lookup";
import { openLinkMenu } from "./menus";
import { useKernel, useLocal, useView } from "./view";

export const LinkLine = memo(function LinkLine(props: EdgeProps<FlowLink>) {
  const { id, data, selected, source, target } = props;
  const view = useView();
  const count = useKernel((state) => state.run?.link_counts[id] ?? 0);
  const isFlowing = useKernel(
    (state) =>
      state.states[source]?.status === "running" &&
      state.states[target]?.status !== "completed",
  );
  const why = useKernel((state) => whyBroken(state.about.problems, id));
  const isOver = useLocal((state) => state.overLink === id);
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
  if (why) classes.push("ab-broken");
  if (isOver) classes.push("ab-over");
  const isOnError = link.output === "error";
  if (isOnError) classes.push("ab-on-error");
  const { icon, words } = markOf(count, link.sticky, isOnError, why);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        className={classes.join(" ")}
        style={style}
        interactionWidth={18}
      />
      {(count > 0 || icon) && (
        <EdgeLabelRenderer>
          <button
            type="button"
            tabIndex={-1}
            className="ab-link-count nodrag nopan"
            data-sticky={link.sticky || undefined}
            data-broken={why !== "" || undefined}
            data-plain={(count <= 1 && !icon) || undefined}
            style={{
              ...style,
              transform: `translate(-50%, -50%) translate(${x}px, ${y}px)`,
            }}
            title={words}
            aria-label={`Link from ${source} to ${target}. ${words}`}
            onClick={(event) => openLinkMenu(view, link, event)}
            onContextMenu={(event) => openLinkMenu(view, link, event)}
          >
            {icon && <Icon name={icon} size={11} />}
            {count > 0 && <span>{count}</span>}
          </button>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** The mark on a link: a shape besides the colour, and what it says. */
function markOf(count: number, isSticky: boolean, isOnError: boolean, why: string) {
  const values = `${count.toLocaleString("en")} ${count === 1 ? "value" : "values"} so far`;
  const said = [];
  if (why) said.push(`Broken: ${why}`);
  if (isOnError) said.push("Taken when the node fails");
  if (isSticky) said.push("Sticky: its newest value stays for every later firing");
  if (count > 0 || said.length === 0) said.push(values);
  const icon: IconName | "" = why
    ? "unplugged"
    : isOnError
      ? "alert"
      : isSticky
        ? "sticky"
        : "";
  return { icon, words: said.join(" · ") };
}
