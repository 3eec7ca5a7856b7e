/** Values of one of several kinds: which one, and the field of that one. */

import { useContext, useEffect, useId, useRef, useState } from "react";
import { isSame } from "../graph/same";
import { AnyControl, type ControlProps, type ShapeOf } from "./control";
import { looksLike } from "./fits";
import { Folded } from "./folded";
import { constantsOf, partsOf } from "./parts";
import { plainOf } from "./schema";
import { type Member, shapeAt } from "./shape";
import { isRecord } from "./values";

type Props = ControlProps<ShapeOf<"union">>;

export function UnionControl(props: Props) {
  if (!props.isCompact || props.isOpen) return <Kinds {...props} />;
  return (
    <Folded props={props} nothing="not set">
      <Kinds {...props} />
    </Folded>
  );
}

function Kinds(props: Props) {
  const { shape, value, isSet, fallback } = props;
  const Control = useContext(AnyControl);
  const id = useId();
  const { members } = shape;
  const shown = isSet ? value : fallback;
  const found = shown === undefined ? -1 : memberOf(members, shown);
  const { at, choose } = useChosen(found, shown);
  const member = members[at] ?? members[0];
  const before = useRef(new Map<number, unknown>());
  if (isSet && found >= 0) before.current.set(found, value);
  if (!member) return null;
  const inner = shapeAt(member.placed);
  const fits = isSet && (found === at || found < 0);

  const change = (next: number) => {
    choose(next);
    const wanted = members[next];
    if (!wanted) return;
    const kept = before.current.get(next);
    if (kept !== undefined) props.commit(kept);
    else if (wanted.tag) props.commit(begun(wanted, shown));
    else if ("const" in plainOf(wanted.placed)) {
      props.commit(plainOf(wanted.placed).const);
    }
  };
  const commit = (it: unknown) => {
    const { tag } = member;
    const isTagged = tag && isRecord(it);
    props.commit(isTagged ? { [tag.name]: tag.value, ...it } : it);
  };
  return (
    <fieldset
      className="ab-field-union"
      aria-label={props.label}
      aria-describedby={props.describedBy}
    >
      <select
        id={props.id}
        className="ab-field-input ab-field-select ab-field-union-kind"
        value={String(at)}
        disabled={props.isDisabled}
        aria-label={`${props.label}, kind`}
        onChange={(event) => change(Number(event.target.value))}
      >
        {members.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: members have no other name
          <option key={index} value={String(index)}>
            {one.label}
          </option>
        ))}
      </select>
      <Control
        {...props}
        key={at}
        id={id}
        isOpen
        shape={inner}
        value={fits ? value : undefined}
        isSet={fits}
        fallback={!isSet && found === at ? fallback : undefined}
        {...(member.tag ? { without: member.tag.name } : {})}
        commit={commit}
      />
    </fieldset>
  );
}

/** The member that is shown: what was chosen, until the value says another. */
function useChosen(found: number, shown: unknown) {
  const [chosen, choose] = useState<number>();
  const known = useRef(shown);
  useEffect(() => {
    if (isSame(known.current, shown)) return;
    known.current = shown;
    if (found >= 0) choose(undefined);
  });
  return { at: chosen ?? Math.max(found, 0), choose };
}

function memberOf(members: readonly Member[], value: unknown): number {
  const tagged = members.findIndex(
    ({ tag }) => tag && isRecord(value) && isSame(value[tag.name], tag.value),
  );
  if (tagged >= 0) return tagged;
  return members.findIndex(({ placed }) => looksLike(value, placed));
}

/** A new value of a member; parts of the same name come along from the one before. */
function begun(member: Member, before: unknown): Record<string, unknown> {
  const parts = partsOf(member.placed, {}, member.tag?.name);
  const held = isRecord(before) ? before : {};
  const same = parts.filter(
    ({ name, placed }) => name in held && looksLike(held[name], placed),
  );
  const tag = member.tag ? { [member.tag.name]: member.tag.value } : {};
  const taken = Object.fromEntries(same.map(({ name }) => [name, held[name]]));
  return { ...tag, ...constantsOf(parts), ...taken };
}
