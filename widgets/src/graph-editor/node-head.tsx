/** The head of a node: family, title, status, and the menu of what can be done with it. */

import { type MouseEvent, useMemo } from "react";
import { MODE_ICONS, MODE_WORDS, modeOf } from "../graph/modes";
import { nodeTitle, portLabel } from "../graph/names";
import { lineWidths } from "../graph/title-lines";
import type { WireNode, WireProblem } from "../protocol/messages";
import { Icon } from "../ui/icon";
import { StatusBadge } from "../ui/status";
import { problemsOf, toneOf, whyStale } from "./lookup";
import { openNodeMenu } from "./menus";
import { TitleInput } from "./title-input";
import { useKernel, useLocal, useView } from "./view";

/** A wider title, in the size of its letters, has no room beside the word of a status. */
const BESIDE_A_WORD = 6;
const TONE_ICONS = { error: "alert", warning: "warning", todo: "todo" } as const;

/** A problem of a node in words, with the title of the port that it is about. */
const wordsOf = ({ inputs }: WireNode, { port, message }: WireProblem): string => {
  const found = inputs.find(({ name }) => name === port);
  return found ? `${portLabel(found)} ${message}` : message;
};

export function NodeHead({ node, icon }: { node: WireNode; icon: string }) {
  const view = useView();
  const status = useKernel((state) => state.states[node.id]?.status);
  const reason = useKernel((state) => state.states[node.id]?.reason);
  const whyOld = useKernel(({ stale, links }) => whyStale(stale, links, node.id));
  const mode = modeOf(node);
  const isRenaming = useLocal((state) => state.renaming === node.id);
  const problem = useKernel((state) => problemsOf(state.about.problems, node.id)[0]);
  const tried = useLocal((state) => state.tried);
  const tone = problem && toneOf(problem, tried);
  const title = nodeTitle(node);
  const isLong = useMemo(() => (lineWidths(title, 1)[0] ?? 0) > BESIDE_A_WORD, [title]);
  const openMenu = (event: MouseEvent<HTMLElement>) => {
    event.stopPropagation();
    openNodeMenu(view, node, event);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 and the menu rename too
    <header
      className="ab-node-head ab-drag"
      data-long={isLong || undefined}
      title={node.help || undefined}
      onDoubleClick={() => view.local.setState({ renaming: node.id })}
    >
      <span className="ab-family-icon">
        <Icon name={node.problem ? "unplugged" : icon} />
      </span>
      {isRenaming ? (
        <TitleInput
          label="Title of the node"
          value={title}
          onDone={(title) => view.actions.rename(node.id, title)}
        />
      ) : (
        <span className="ab-node-title">{title}</span>
      )}
      {problem && !node.problem && (
        <span className={`ab-mark ab-mark-${tone}`} title={wordsOf(node, problem)}>
          <Icon name={TONE_ICONS[tone ?? "error"]} />
        </span>
      )}
      {node.options.breakpoint === true && (
        <span className="ab-breakpoint" title="Breakpoint: held before it begins.">
          <Icon name="breakpoint" size={13} />
        </span>
      )}
      {mode && (
        <span className={`ab-mode ab-mode-${mode}`} title={MODE_WORDS[mode]}>
          <Icon name={MODE_ICONS[mode]} size={13} />
        </span>
      )}
      {status && whyOld && !isActiveStatus(status) ? (
        <span
          className="ab-status ab-tone-stale"
          data-stale
          title={`Out of date: ${whyOld}.`}
        >
          <Icon name="stale" size={13} />
          <span>Out of date</span>
        </span>
      ) : (
        status && <StatusBadge status={status} reason={reason} />
      )}
      <button
        type="button"
        className="ab-node-menu nodrag"
        aria-label={`Menu of ${node.title}`}
        onClick={openMenu}
      >
        <Icon name="more" />
      </button>
    </header>
  );
}

const isActiveStatus = (status: string) =>
  ["running", "waiting", "ready"].includes(status);
