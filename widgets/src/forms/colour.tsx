/** A colour: the browser's own picker, beside its name or number as text. */

import type { ControlProps } from "./control";
import { TextControl } from "./text";
import { asText } from "./values";

const HEX = /^#[0-9a-f]{6}$/i;

export function ColourControl(props: ControlProps) {
  const shown = asText(props.isSet ? props.value : props.fallback);
  return (
    <span className="ab-field-colour">
      <input
        type="color"
        className="ab-field-swatch"
        value={HEX.test(shown) ? shown.toLowerCase() : "#000000"}
        data-empty={shown === "" || undefined}
        disabled={props.isDisabled}
        aria-label={`${props.label}, picker`}
        onChange={(event) => props.commit(event.target.value)}
      />
      <span className="ab-field-colour-text">
        <TextControl {...props} shape={{ kind: "text" }} />
      </span>
    </span>
  );
}
