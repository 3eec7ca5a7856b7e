/** The controls that fit on one line, by shape. */

import { ChoiceControl, MomentControl, SwitchControl } from "./choice";
import { ColourControl } from "./colour";
import type { ControlProps, ShapeOf } from "./control";
import { AnythingControl, NumberControl, TextControl } from "./text";

/** Also what the rows of lists and dictionaries, and the cells of tables, are made of. */
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
    case "colour":
      return <ColourControl {...props} />;
    default:
      return <AnythingControl {...props} shape={ANYTHING} />;
  }
}

const ANYTHING: ShapeOf<"anything"> = { kind: "anything" };
