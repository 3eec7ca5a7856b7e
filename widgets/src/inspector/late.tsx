/** The inspector's view: each value with its name and what can be done with it. */

import { createRoot } from "react-dom/client";
import { Asking } from "../bridge/asking";
import type { Model } from "../bridge/model";
import type { InspectedValue } from "../protocol/messages";
import { useValue, type ValueAsk, ValueAsking } from "../renderers/value-ask";
import { ValueBody } from "../renderers/value-body";
import { SaidLine, useSaid, ValueTools } from "../renderers/value-tools";
import { LateAsking } from "../ui/late-asking";
import type { AskLate } from "../ui/late-code";
import { useDark } from "../ui/theme";
import "../ui/tokens.css";
import "../ui/ui.css";
import "./styles.css";

const ALL = { node: "", firing: null, at: -1 };

/** Draws the values into a place, and returns how to take them away. */
export function mount(model: Model, place: HTMLElement): () => void {
  const asking = new Asking(model);
  const inside = document.createElement("div");
  inside.dataset.lmSuppressShortcuts = "true";
  place.replaceChildren(inside);
  const root = createRoot(inside);
  root.render(<Values model={model} asking={{ ask: asking.ask, model }} />);
  return () => {
    root.unmount();
    asking.close();
    inside.remove();
  };
}

/** The one line of an inspector: for what is asked of values, and for late code. */
type Lines = ValueAsk & { ask: AskLate };

function Values({ model, asking }: { model: Model; asking: Lines }) {
  const isDark = useDark();
  const shown = (model.get("shown") as InspectedValue[] | undefined) ?? [];
  return (
    <LateAsking value={asking.ask}>
      <ValueAsking value={asking}>
        <div className={`ab-root ab-show ${isDark ? "ab-dark" : ""}`}>
          {shown.length > 1 && <All count={shown.length} />}
          {shown.map((it) => (
            <One key={it.at} shown={it} isAlone={shown.length === 1} model={model} />
          ))}
        </div>
      </ValueAsking>
    </LateAsking>
  );
}

function All({ count }: { count: number }) {
  const value = useValue(ALL);
  const [said, tell] = useSaid();
  return (
    <div className="ab-show-head ab-show-head--all">
      <span className="ab-show-type">{count} values</span>
      <SaidLine said={said} />
      {value && <ValueTools value={value} label="all of them" tell={tell} />}
    </div>
  );
}

interface OneProps {
  shown: InspectedValue;
  isAlone: boolean;
  model: Model;
}

function One({ shown, isAlone, model }: OneProps) {
  const value = useValue({ node: "", firing: null, at: shown.at });
  const [said, tell] = useSaid();
  const isUnnamed = isAlone && shown.port === "value";
  const label = isUnnamed ? "the value" : shown.port;
  return (
    <article className="ab-show-value" aria-label={label}>
      <header className="ab-show-head">
        {!isUnnamed && <span className="ab-show-name">{shown.port}</span>}
        <span className="ab-show-type">{shown.type_name}</span>
        <SaidLine said={said} />
        {value && <ValueTools value={value} label={label} tell={tell} />}
      </header>
      <div className="ab-show-body">
        <ValueBody shown={shown} value={value} model={model} />
      </div>
    </article>
  );
}
