/**
 * The fields of a new credential, wherever one is added. The secret is in its field alone,
 * until it is sent; the field is empty from then on.
 */

import { type KeyboardEvent, useId, useRef, useState } from "react";
import { Button } from "../ui/button";
import { Why } from "./text";
import "./forms.css";
import "./nested.css";

/** How a provider is asked for a credential: `clients` is where one makes a client id. */
export interface Provider {
  hosts: string[];
  scopes: string[];
  clients: string;
}

export interface Filled {
  name: string;
  kind: string;
  hosts: string[];
  user: string;
  header: string;
  /** The client id, and what it may do: for a sign-in. */
  app: string;
  scopes: string[];
  secret: string;
}

interface Props {
  kinds: readonly string[];
  familiar: Readonly<Record<string, string[]>>;
  providers?: Readonly<Record<string, Provider>>;
  /** What is known of it already. */
  name?: string;
  hosts?: readonly string[];
  isBusy?: boolean;
  /** Why the last one was not taken. */
  why?: string;
  keep(filled: Filled): void;
  close?(): void;
}

/** The kind that is not typed but asked for, at a provider. */
export const CONNECT = "connect";

const WORDS: Readonly<Record<string, string>> = {
  api_key: "API key",
  user_password: "User and password",
  connect: "Sign in (OAuth2)",
  oauth2: "OAuth2 token",
  header: "Header of its own",
};

export function CredentialFields({ kinds, familiar, close, ...props }: Props) {
  const [given, setGiven] = useState({
    name: props.name ?? "",
    kind: "",
    hosts: props.hosts?.join(", ") ?? "",
    user: "",
    header: "",
    app: "",
    scopes: "",
  });
  const [lack, setLack] = useState("");
  const secret = useRef<HTMLInputElement>(null);
  const set = (part: Partial<typeof given>) => setGiven({ ...given, ...part });
  const kind = given.kind || kinds.find((one) => one !== CONNECT) || "api_key";
  const isConnect = kind === CONNECT;
  const stem = given.name.split(/[/_.-]/)[0] ?? "";
  const provider = isConnect ? props.providers?.[stem] : undefined;
  const known = (isConnect ? provider?.hosts : familiar[stem]) ?? [];

  const keep = () => {
    const field = secret.current;
    if (!field || props.isBusy) return;
    const isLacking = !given.name || (!isConnect && !field.value);
    setLack(isLacking ? "It needs a name and a secret." : "");
    if (isLacking) return;
    const typed = field.value;
    field.value = "";
    props.keep({
      ...given,
      kind,
      hosts: several(given.hosts),
      user: kind === "user_password" ? given.user : "",
      header: kind === "header" ? given.header : "",
      scopes: several(given.scopes),
      secret: typed,
    });
  };
  const onKey = (event: KeyboardEvent) => {
    const isField = (event.target as HTMLElement).tagName === "INPUT";
    if (event.key === "Enter" && isField) keep();
    else if (event.key === "Escape" && close) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <fieldset className="ab-field-adding" aria-label="New credential" onKeyDown={onKey}>
      <Line
        label="Name"
        value={given.name}
        placeholder="openai"
        set={(name) => set({ name: name.toLowerCase() })}
      />
      <Kind kinds={kinds} value={kind} set={(it) => set({ kind: it })} />
      <Line
        label="Sent only to"
        value={given.hosts}
        placeholder={known.join(", ") || "api.example.com"}
        set={(hosts) => set({ hosts })}
      />
      {kind === "user_password" && (
        <Line label="User" value={given.user} set={(user) => set({ user })} />
      )}
      {kind === "header" && (
        <Line
          label="Header"
          value={given.header}
          placeholder="X-Api-Key"
          set={(header) => set({ header })}
        />
      )}
      {isConnect && (
        <>
          <Line label="Client id" value={given.app} set={(app) => set({ app })} />
          <Line
            label="What it may do (scopes)"
            value={given.scopes}
            placeholder={provider?.scopes.join(" ")}
            set={(scopes) => set({ scopes })}
          />
        </>
      )}
      <label className="ab-field-adding-line">
        <span>{secretWords(kind)}</span>
        <input
          ref={secret}
          className="ab-field-input"
          type="password"
          autoComplete="new-password"
          placeholder={isConnect ? "empty, if it has none" : undefined}
        />
      </label>
      <Why text={lack || (props.why ?? "")} />
      {provider && (
        <p className="ab-field-help">
          You make a client at{" "}
          <a href={provider.clients} target="_blank" rel="noopener noreferrer">
            {new URL(provider.clients).host}
          </a>
          ; have it send people back to <code>http://127.0.0.1/callback</code>.
        </p>
      )}
      <span className="ab-field-adding-buttons">
        {close && <Button label="Cancel" look="plain" onClick={close} />}
        <Button
          label={isConnect ? "Connect" : "Keep"}
          look="primary"
          disabled={props.isBusy ?? false}
          onClick={keep}
        />
      </span>
    </fieldset>
  );
}

function several(words: string): string[] {
  return words.split(/[\s,]+/).filter(Boolean);
}

function secretWords(kind: string): string {
  if (kind === CONNECT) return "Client secret";
  return kind === "user_password" ? "Password" : "Secret";
}

interface LineProps {
  label: string;
  value: string;
  placeholder?: string | undefined;
  set(value: string): void;
}

function Line({ label, value, placeholder, set }: LineProps) {
  const id = useId();
  return (
    <span className="ab-field-adding-line">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="ab-field-input"
        value={value}
        placeholder={placeholder}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => set(event.target.value)}
      />
    </span>
  );
}

interface KindProps {
  kinds: readonly string[];
  value: string;
  set(value: string): void;
}

function Kind({ kinds, value, set }: KindProps) {
  const id = useId();
  return (
    <span className="ab-field-adding-line">
      <label htmlFor={id}>Kind</label>
      <select
        id={id}
        className="ab-field-input ab-field-select"
        value={value}
        onChange={(event) => set(event.target.value)}
      >
        {kinds.map((kind) => (
          <option key={kind} value={kind}>
            {WORDS[kind] ?? kind}
          </option>
        ))}
      </select>
    </span>
  );
}
