/** What a run gave, each value as Jupyter would show it, and what went wrong. */

import type { FormState } from "../protocol/messages";
import { BundleView } from "../renderers/bundle-view";

interface Props {
  state: FormState;
  model: unknown;
}

export function Results({ state, model }: Props) {
  const { failures, results } = state;
  if (failures.length === 0 && results.length === 0) return null;
  return (
    <section className="ab-agent-form-results" aria-label="Results">
      {failures.map((failure) => (
        <p className="ab-field-problem" role="alert" key={failure}>
          {failure}
        </p>
      ))}
      {results.map((result, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an output may give several, in order
        <article className="ab-agent-form-result" key={`${result.output} ${at}`}>
          <header className="ab-agent-form-result-head">
            <span className="ab-agent-form-output">{result.output}</span>
            <span className="ab-agent-form-type">{result.type_name}</span>
          </header>
          <BundleView bundle={result.bundle} model={model} />
        </article>
      ))}
    </section>
  );
}
