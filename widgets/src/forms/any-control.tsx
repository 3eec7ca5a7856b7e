/** The control of any shape. */

import { Unlink } from "lucide-react";
import { useRef } from "react";
import { CodeArea, JsonControl, LongControl } from "./area";
import { BroughtControl, canBring } from "./brought";
import { SeveralControl } from "./choice";
import { CodePreview } from "./code-preview";
import type { ControlProps, ShapeOf } from "./control";
import { CredentialControl } from "./credential";
import { useDesk } from "./desk";
import { FileControl } from "./file";
import { ModelControl } from "./model";
import { RecordControl } from "./record";
import { RowsControl } from "./rows";
import type { Shape } from "./shape";
import { SimpleControl } from "./simple";
import { TableControl } from "./table";
import { UnionControl } from "./union";
import { liveClass } from "./values";

export function Control(props: ControlProps) {
  const { shape, value } = props;
  const live = liveClass(value);
  if (live !== undefined) return <Live what={live} props={props} />;
  switch (shape.kind) {
    case "linked":
      return <Linked {...props} shape={shape} />;
    case "long":
      return <LongControl {...props} shape={shape} />;
    case "code":
      return <CodeControl {...props} shape={shape} />;
    case "json":
      return <JsonControl {...props} shape={shape} />;
    case "list":
    case "dictionary":
      return <RowsControl {...props} shape={shape} />;
    case "record":
      return <RecordControl {...props} shape={shape} />;
    case "table":
      return <TableControl {...props} shape={shape} />;
    case "union":
      return <UnionControl {...props} shape={shape} />;
    case "several":
      return <SeveralControl {...props} shape={shape} />;
    case "file":
      return <FileControl {...props} shape={shape} />;
    case "credential":
      return <CredentialControl {...props} shape={shape} />;
    case "model":
      return <ModelControl {...props} shape={shape} />;
    default:
      return <SimpleOrText {...props} shape={shape} />;
  }
}

/** On a node code is a picture that opens; without a kernel there is no editor to open. */
function CodeControl(props: ControlProps<ShapeOf<"code">>) {
  const desk = useDesk();
  return props.isCompact && desk ? <CodePreview {...props} /> : <CodeArea {...props} />;
}

/** Text that has had line breaks needs an area: a line would swallow them. */
function SimpleOrText(props: ControlProps<Shape>) {
  const { shape, value } = props;
  const isLong = useRef(false);
  const isText = shape.kind === "text" || shape.kind === "anything";
  if (typeof value === "string" && value.includes("\n")) isLong.current = true;
  if (isText && isLong.current && !props.isOneLine) {
    return <LongControl {...props} shape={{ kind: "long" }} />;
  }
  return <SimpleControl {...props} />;
}

/** A file is named; what else there is has no place in a document. */
function Linked(props: ControlProps<ShapeOf<"linked">>) {
  const desk = useDesk();
  const { what } = props.shape;
  if (desk && canBring(what)) return <BroughtControl {...props} />;
  return <OnlyLinked what={what} />;
}

/** Tables, images and charts come over a link or from Python. */
function OnlyLinked({ what }: { what: string }) {
  return <span className="ab-field-only-linked">link {article(what)}</span>;
}

function Live({ what, props }: { what: string; props: ControlProps }) {
  return (
    <span className="ab-field-live">
      <span className="ab-clip">{article(what)} from Python</span>
      {!props.isDisabled && (
        <button
          type="button"
          className="ab-mini"
          title="Take it away"
          aria-label={`Take away ${props.label}`}
          onClick={props.clear}
        >
          <Unlink size={12} aria-hidden />
        </button>
      )}
    </span>
  );
}

function article(word: string): string {
  if (word === "bytes") return word;
  return /^[aeiou]/i.test(word) ? `an ${word}` : `a ${word}`;
}
