/** One view of the graph editor, put together. */

import { ReactFlowProvider } from "@xyflow/react";
import { type CSSProperties, useEffect, useRef } from "react";
import { useTrait } from "../bridge/model";
import { DeskContext } from "../forms/desk";
import { LateAsking } from "../ui/late-asking";
import { Menu } from "../ui/menu";
import { useDark } from "../ui/theme";
import { Toasts } from "../ui/toasts";
import { Banner } from "./banner";
import { Canvas } from "./canvas";
import { FilmStrip } from "./film-strip";
import { Help } from "./help";
import { onEditorKey } from "./keys";
import { NameAgent } from "./name-agent";
import { Palette } from "./palette";
import { Pickers } from "./pickers";
import { ProblemList } from "./problem-list";
import { QuickAdd } from "./quick-add";
import { ResizeEdge } from "./resize-edge";
import { Review } from "./review";
import { RunComparison } from "./run-comparison";
import { RunList } from "./run-list";
import { InspectorPlace, RunFormPlace } from "./side-panels";
import { Toolbar } from "./toolbar";
import {
  takeFocus,
  useKernel,
  useLocal,
  useView,
  type View,
  ViewContext,
} from "./view";

const HEIGHT = 520;

export function Editor({ view }: { view: View }) {
  return (
    <ViewContext value={view}>
      <DeskContext value={view.session.desk}>
        <LateAsking value={view.session.late}>
          <ReactFlowProvider>
            <Frame />
          </ReactFlowProvider>
        </LateAsking>
      </DeskContext>
    </ViewContext>
  );
}

function Frame() {
  const view = useView();
  const { session, actions } = view;
  const [height, setHeight] = useTrait(session.model, "height", HEIGHT);
  const isDark = useDark();
  const isMaximised = useLocal((state) => state.isMaximised);
  const isPaletteOpen = useLocal((state) => state.isPaletteOpen);
  const hasGraph = useKernel((state) => state.phase !== "connecting");
  const hasNodes = useKernel((state) => Object.keys(state.nodes).length > 0);
  const toasts = useLocal((state) => state.toasts);
  useNotices();

  const classes = ["ab-root", "ab-editor"];
  if (isDark) classes.push("ab-dark");
  if (isMaximised) classes.push("ab-max");
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys bubble up from what has focus
    <div
      className={classes.join(" ")}
      style={{ "--ab-height": `${height}px` } as CSSProperties}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: takes the focus, and so the keys, from the notebook
      tabIndex={0}
      onKeyDown={(event) => onEditorKey(event, view)}
    >
      <Toolbar />
      <Banner />
      <div className="ab-body">
        {isPaletteOpen && <Palette />}
        {hasGraph || hasNodes ? <Canvas isDark={isDark} /> : <Connecting />}
        <InspectorPlace />
        <RunFormPlace />
        <ProblemList />
        <RunList />
        <RunComparison />
        <Help />
        <Review />
      </div>
      <FilmStrip />
      <QuickAdd />
      <Pickers />
      <NameAgent />
      <OpenMenu />
      <Toasts toasts={toasts} onGone={actions.dismiss} />
      {!isMaximised && <ResizeEdge height={height} onChange={setHeight} />}
    </div>
  );
}

function Connecting() {
  return (
    <div className="ab-connecting" role="status">
      Waiting for the kernel…
    </div>
  );
}

function OpenMenu() {
  const view = useView();
  const menu = useLocal((state) => state.menu);
  const close = () => {
    view.local.setState({ menu: null });
    takeFocus(view);
  };
  return menu && <Menu {...menu} onClose={close} />;
}

/** Shows each notice of the kernel once, those from before this view not at all. */
function useNotices() {
  const { session, actions } = useView();
  const notices = useKernel((state) => state.notices);
  const seen = useRef(session.kernel.getState().notices.at(-1)?.id ?? 0);
  useEffect(() => {
    for (const { id, notice } of notices) {
      if (id > seen.current) actions.toast(notice.level, notice.text);
    }
    seen.current = notices.at(-1)?.id ?? seen.current;
  }, [notices, actions]);
}
