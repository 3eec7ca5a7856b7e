/** The run on the canvas held against another: what differs, the first of it, time and cost. */

import { useEffect, useState } from "react";
import { inWords } from "../film/scale";
import { differences } from "../graph/diff";
import type { Comparison, Difference } from "../protocol/messages";
import { Button } from "../ui/button";
import { DiffDrawing } from "./diff-drawing";
import { useKernel, useLocal, useView } from "./view";
import "./run-comparison.css";

export function CompareButton({ run }: { run: string }) {
  const { local } = useView();
  const shown = useKernel((state) => state.run?.id);
  if (!shown || shown === run) return null;
  return (
    <Button
      icon="compare"
      label="Compare with the run on the canvas"
      isIconOnly
      onClick={() => local.setState({ comparedWith: run })}
    />
  );
}

export function RunComparison() {
  const other = useLocal((state) => state.comparedWith);
  const shown = useKernel((state) => state.run?.id);
  if (!other || !shown || other === shown) return null;
  return <Panel key={`${shown} ${other}`} other={other} />;
}

function Panel({ other }: { other: string }) {
  const { session, local } = useView();
  const [told, setTold] = useState<Comparison>();
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    let isGone = false;
    session.request({ op: "compare", run: other }).then(
      (answer) => !isGone && setTold(answer as Comparison),
      (error: Error) => !isGone && setTrouble(error.message),
    );
    return () => {
      isGone = true;
    };
  }, [session, other]);
  return (
    <section className="ab-comparison" aria-label="Comparison of two runs">
      <header>
        <h2>Two runs</h2>
        <span className="ab-comparison-verdict">{told && verdict(told)}</span>
        <Button
          icon="close"
          label="Close"
          isIconOnly
          onClick={() => local.setState({ comparedWith: null })}
        />
      </header>
      {trouble && <p role="alert">{trouble}</p>}
      {!told && !trouble && <p role="status">Comparing…</p>}
      {told && <Body told={told} />}
    </section>
  );
}

function verdict({ differences, more }: Comparison): string {
  const count = differences.length + more;
  if (count === 0) return "the same but for their times";
  return `${count.toLocaleString("en")} difference${count === 1 ? "" : "s"}`;
}

function Body({ told }: { told: Comparison }) {
  const { first, differences, more } = told;
  return (
    <div className="ab-comparison-body">
      {first && (
        <div className="ab-comparison-first">
          <strong>First difference</strong>
          <Line one={first} />
        </div>
      )}
      <Graphs told={told} />
      <Sums told={told} />
      {differences.length > 0 && (
        <ol aria-label="Differences">
          {differences.map((one) => (
            <li key={`${one.what} ${one.node} ${one.firing} ${one.port} ${one.after}`}>
              <Line one={one} />
            </li>
          ))}
        </ol>
      )}
      {more > 0 && <p>… and {more.toLocaleString("en")} more</p>}
    </div>
  );
}

/** Both graphs in one drawing: what came, went, was changed, or did otherwise. */
function Graphs({ told }: { told: Comparison }) {
  const { actions } = useView();
  const nodes = useKernel((state) => state.nodes);
  const [before, after] = told.graphs;
  if (!before || !after || Object.keys(told.marks).length === 0) return null;
  const choose = (node: string) => {
    if (!(node in nodes)) return;
    actions.select([node]);
    actions.inspect(node);
  };
  const there = new Set(Object.values(told.marks));
  return (
    <figure className="ab-comparison-graphs">
      <DiffDrawing
        before={before}
        after={after}
        found={differences(before, after)}
        marks={told.marks}
        onChoose={choose}
      />
      <figcaption>
        {MARKS.filter(([mark]) => there.has(mark)).map(([mark, words]) => (
          <span key={mark} data-mark={mark}>
            {words}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}

const MARKS = [
  ["first_difference", "first difference"],
  ["differs", "did otherwise"],
  ["changed", "changed"],
  ["added", "only after"],
  ["removed", "only before"],
] as const;

function Line({ one }: { one: Difference }) {
  const { actions } = useView();
  const { node = "" } = one;
  const isKnown = useKernel((state) => node in state.nodes);
  const firing = one.firing ? ` #${one.firing}` : "";
  const place = [`${node}${firing}`.trim(), one.port].filter(Boolean).join(", ");
  return (
    <button
      type="button"
      className="ab-comparison-line"
      disabled={!isKnown}
      onClick={() => {
        actions.select([node]);
        actions.inspect(node);
      }}
    >
      <span className="ab-comparison-place">
        <span>{one.what}</span> {place}
      </span>
      <span className="ab-comparison-change">
        {one.before && <del>{one.before}</del>} {one.after && <ins>{one.after}</ins>}
      </span>
      {one.why && (
        <span className="ab-comparison-why">{one.why.replaceAll("`", "")}</span>
      )}
    </button>
  );
}

function Sums({ told }: { told: Comparison }) {
  const money = (cost: number) => `$${cost.toFixed(4)}`;
  const [was, now] = told.seconds;
  const rows: [string, string, string][] = [["all", inWords(was), inWords(now)]];
  for (const { node, seconds } of told.nodes) {
    rows.push([node, inWords(seconds[0]), inWords(seconds[1])]);
  }
  return (
    <details className="ab-comparison-sums">
      <summary>
        {inWords(was)} → {inWords(now)}
        {told.tokens.some(Boolean) &&
          ` · ${told.tokens.map((it) => it.toLocaleString("en")).join(" → ")} tokens`}
        {told.cost.some(Boolean) && ` · ${told.cost.map(money).join(" → ")}`}
      </summary>
      <table>
        <thead>
          <tr>
            <th>node</th>
            <th>before</th>
            <th>after</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([node, before, after]) => (
            <tr key={node}>
              <td>{node}</td>
              <td>{before}</td>
              <td>{after}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}
