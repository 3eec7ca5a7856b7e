/** A credential, chosen by its name. What is secret is typed once, and never shown. */

import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import type { ControlProps, ShapeOf } from "./control";
import { CredentialAdding } from "./credential-adding";
import { type CredentialOffer, useDesk, useOffer } from "./desk";
import { TextControl } from "./text";
import { asText } from "./values";

type Props = ControlProps<ShapeOf<"credential">>;

export function CredentialControl(props: Props) {
  const desk = useDesk();
  const [offers, setOffers] = useOffer((it) => it.credentials());
  const [isAdding, setAdding] = useState(false);
  if (!desk || !offers) return <TextControl {...props} shape={{ kind: "text" }} />;
  const { shape, isCompact } = props;
  const name = props.isSet ? asText(props.value) : asText(props.fallback);
  const fitting = offers.credentials.filter((one) => isFor(one, shape));
  const others = offers.credentials.filter((one) => !fitting.includes(one));
  const missing = whyMissing(name, offers.credentials, shape);
  const choose = (wanted: string) => {
    if (wanted === NEW) setAdding(true);
    else if (wanted === "") props.clear();
    else props.commit(wanted);
  };
  return (
    <span className="ab-field-credential">
      <select
        id={props.id}
        className={`ab-field-input ab-field-select ${name ? "" : "ab-faint"}`}
        value={name}
        disabled={props.isDisabled}
        aria-label={props.label}
        aria-required={props.isRequired || undefined}
        aria-invalid={props.isWrong || missing !== "" || undefined}
        aria-describedby={props.describedBy}
        onChange={(event) => choose(event.target.value)}
      >
        <option value="">{fitting.length > 0 ? "none" : "none is here yet"}</option>
        {fitting.map((one) => (
          <option key={one.name} value={one.name}>
            {one.name}
          </option>
        ))}
        {name !== "" && !fitting.some((one) => one.name === name) && (
          <option value={name}>{name}</option>
        )}
        {others.length > 0 && (
          <optgroup label="For other places">
            {others
              .filter((one) => one.name !== name)
              .map((one) => (
                <option key={one.name} value={one.name} disabled>
                  {one.name}
                </option>
              ))}
          </optgroup>
        )}
        {isCompact && <option value={NEW}>add one…</option>}
      </select>
      {missing !== "" && (
        <span className="ab-field-why" role="status">
          {missing}
        </span>
      )}
      {!props.isDisabled && !isAdding && !isCompact && (
        <button
          type="button"
          className="ab-field-item-add"
          onClick={() => setAdding(true)}
        >
          <Plus size={12} aria-hidden /> Add a credential
        </button>
      )}
      {isAdding && (
        <CredentialAdding
          shape={shape}
          offers={offers}
          name={missing && !others.some((one) => one.name === name) ? name : ""}
          add={async (given) => {
            setOffers(await desk.addCredential(given));
            setAdding(false);
            props.commit(given.name);
          }}
          close={() => setAdding(false)}
        />
      )}
      {!isCompact && missing === "" && name !== "" && (
        <span className="ab-field-credential-facts">
          <KeyRound size={11} aria-hidden /> {factsOf(name, offers.credentials)}
        </span>
      )}
    </span>
  );
}

const NEW = " new";

function factsOf(name: string, all: readonly CredentialOffer[]): string {
  const found = all.find((one) => one.name === name);
  if (!found) return "";
  const kind = found.kind.replaceAll("_", " ");
  return `${kind}, sent only to ${found.hosts.join(", ")}`;
}

function isFor(one: CredentialOffer, shape: Props["shape"]): boolean {
  const { kinds, hosts } = shape;
  const isKind = kinds.length === 0 || kinds.includes(one.kind);
  return (
    isKind && (hosts.length === 0 || hosts.some((host) => covers(one.hosts, host)))
  );
}

/** Whether a secret for these places may be sent to a host. */
function covers(places: readonly string[], host: string): boolean {
  return places.some((place) => {
    if (place === "*" || place === host) return true;
    const end = place.startsWith("*.") ? place.slice(1) : "";
    return end !== "" && (host.endsWith(end) || host === `*${end}`);
  });
}

function whyMissing(
  name: string,
  all: readonly CredentialOffer[],
  shape: Props["shape"],
): string {
  if (name === "") return "";
  const found = all.find((one) => one.name === name);
  if (!found)
    return `There is no credential “${name}” here: add it, or choose another.`;
  if (isFor(found, shape)) return "";
  if (shape.kinds.length > 0 && !shape.kinds.includes(found.kind)) {
    const kinds = shape.kinds.map((kind) => kind.replaceAll("_", " ")).join(" or ");
    return `“${name}” is ${found.kind.replaceAll("_", " ")}; ${kinds} is needed.`;
  }
  return `“${name}” is sent only to ${found.hosts.join(", ")}, not to ${shape.hosts.join(", ")}.`;
}
