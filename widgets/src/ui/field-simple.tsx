/** The controls that fit on one line, by shape. */

import { ChoiceControl, MomentControl, SwitchControl } from "./field-choice";
import type { ControlProps, ShapeOf } from "./field-control";
import { AnythingControl, NumberControl, TextControl } from "./field-text";

/** Also what the rows of lists and dictionaries are made of. */
export function SimpleControl(props: ControlProps) {
  const { shape } = props;
  switch (shape.kind) {
    case "text":
    case "secret":
      return <TextControl {...props} shape={shape} />;
    case "number":
      return <NumberControl {...props} shape={shape} />;
    case "boolean":
      return <SwitchControl {...props} shape={shape} />;
    case "choice":
      return <ChoiceControl {...props} shape={shape} />;
    case "moment":
      return <MomentControl {...props} shape={shape} />;
    default:
      return <AnythingControl {...props} shape={ANYTHING} />;
  }
}

const ANYTHING: ShapeOf<"anything"> = { kind: "anything" };
