/** Nested objects: a field for each part, and rows for what is not named. */

import { createContext, useContext, useMemo, useRef, useState } from "react";
import { JsonControl } from "./area";
import type { ControlProps, ShapeOf } from "./control";
import { under } from "./control";
import { Folded } from "./folded";
import { PartField } from "./part-field";
import { constantsOf, isNamed, type Part, partsOf, takesMore } from "./parts";
import { RowsControl } from "./rows";
import { Section } from "./section";
import { isRecord } from "./values";

type Props = ControlProps<ShapeOf<"record">>;

export function RecordControl(props: Props) {
  const { value, isSet, isCompact } = props;
  const depth = useContext(Depth);
  // A schema that holds itself has no end: what is empty waits to be opened.
  const [isEndless] = useState(depth >= DEEP && !isSet);
  if (isSet && value !== null && !isRecord(value)) {
    const hint = "a dictionary, as JSON";
    return <JsonControl {...props} shape={{ kind: "json", holds: "any", hint }} />;
  }
  const parts = (
    <Depth value={depth + 1}>
      <Parts {...props} />
    </Depth>
  );
  if ((!isCompact || props.isOpen) && !isEndless) return parts;
  return (
    <Folded props={props} nothing="not set">
      {parts}
    </Folded>
  );
}

/** How many records this one stands in. */
const Depth = createContext(0);
const DEEP = 2;

function Parts(props: Props) {
  const { shape, isSet, value, fallback, without = "" } = props;
  const held = isSet && isRecord(value) ? value : undefined;
  const usual = isRecord(fallback) ? fallback : undefined;
  const shown = held ?? usual ?? NOTHING;
  const parts = useMemo(() => {
    const all = partsOf(shape.placed, shown, without);
    return usual && !held ? all.map((part) => withDefault(part, usual)) : all;
  }, [shape.placed, shown, without, usual, held]);
  const latest = useRef(shown);
  latest.current = shown;
  const put = (next: Record<string, unknown>) => {
    latest.current = next;
    props.commit({ ...constantsOf(parts), ...next });
  };
  const set = (name: string, it: unknown) => put({ ...latest.current, [name]: it });
  const clear = (name: string) => {
    const { [name]: _gone, ...rest } = latest.current;
    const left = Object.keys(rest).filter((key) => key !== without);
    if (left.length === 0 && !props.isRequired && without === "") {
      latest.current = NOTHING;
      props.clear();
    } else put(rest);
  };
  const draw = (part: Part) => (
    <PartField
      key={part.name}
      part={part}
      value={held?.[part.name]}
      isSet={held !== undefined && Object.hasOwn(held, part.name)}
      isDisabled={props.isDisabled}
      isCompact={props.isCompact}
      faults={under(props.faults, part.name)}
      commit={(it) => set(part.name, it)}
      clear={() => clear(part.name)}
    />
  );
  const advanced = parts.filter((part) => part.isAdvanced);
  return (
    <fieldset
      className="ab-field-parts"
      id={props.id}
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      {parts.filter((part) => !part.isAdvanced).map(draw)}
      {takesMore(shape.placed, shown) && <More props={props} shown={shown} put={put} />}
      {advanced.length > 0 && (
        <Section
          title="Advanced"
          count={advanced.filter((part) => Object.hasOwn(shown, part.name)).length}
          isWrong={advanced.some((part) => under(props.faults, part.name).length > 0)}
        >
          {advanced.map(draw)}
        </Section>
      )}
    </fieldset>
  );
}

/** What the default of the whole says of a part stands in for it. */
function withDefault(part: Part, usual: Readonly<Record<string, unknown>>): Part {
  if (!Object.hasOwn(usual, part.name)) return part;
  return { ...part, hasDefault: true, default: usual[part.name] };
}

const NOTHING: Readonly<Record<string, unknown>> = {};

interface MoreProps {
  props: Props;
  shown: Readonly<Record<string, unknown>>;
  put(next: Record<string, unknown>): void;
}

/** What a record holds beyond the parts that its schema names. */
function More({ props, shown, put }: MoreProps) {
  const { placed } = props.shape;
  const mine = (name: string) =>
    name !== props.without && !isNamed(placed, shown, name);
  const entries = Object.entries(shown);
  const more = Object.fromEntries(entries.filter(([name]) => mine(name)));
  const named = Object.fromEntries(entries.filter(([name]) => !mine(name)));
  return (
    <RowsControl
      {...props}
      id={`${props.id}-more`}
      shape={{ kind: "dictionary", placed }}
      value={more}
      isSet={Object.keys(more).length > 0}
      fallback={undefined}
      label={`${props.label}, more`}
      isCompact={false}
      commit={(next) => put({ ...(isRecord(next) ? next : {}), ...named })}
      clear={() => put(named)}
    />
  );
}
