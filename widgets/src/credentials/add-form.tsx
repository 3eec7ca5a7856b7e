/** The form that takes a new credential. The secret is kept in the field alone. */

import { type FormEvent, useRef, useState } from "react";
import { Button } from "../ui/button";
import type { Ask, Told } from "./wire";

interface Props {
  told: Told | undefined;
  isBusy: boolean;
  ask: (what: Ask) => void;
}

const WORDS: Record<string, string> = {
  api_key: "API key",
  user_password: "User and password",
  oauth2: "OAuth2 token",
  header: "Header of its own",
};

export function AddForm({ told, isBusy, ask }: Props) {
  const [name, setName] = useState("");
  const [kind, setKind] = useState("api_key");
  const [hosts, setHosts] = useState("");
  const [user, setUser] = useState("");
  const [header, setHeader] = useState("");
  const secret = useRef<HTMLInputElement>(null);
  const known = told?.familiar[name.split(/[/_.-]/)[0] ?? ""] ?? [];

  const add = (event: FormEvent) => {
    event.preventDefault();
    const field = secret.current;
    if (!field) return;
    const given = hosts.split(/[\s,]+/).filter(Boolean);
    const extra = {
      user: kind === "user_password" ? user : "",
      header: kind === "header" ? header : "",
    };
    ask({ op: "add", name, kind, hosts: given, ...extra, secret: field.value });
    field.value = "";
  };

  return (
    <form className="ab-cred-form" onSubmit={add} autoComplete="off">
      <label className="ab-cred-field">
        <span>Name</span>
        <input
          value={name}
          onChange={(event) => setName(event.target.value.toLowerCase())}
          placeholder="openai"
          spellCheck={false}
          required
        />
      </label>
      <label className="ab-cred-field">
        <span>Kind</span>
        <select value={kind} onChange={(event) => setKind(event.target.value)}>
          {(told?.kinds ?? Object.keys(WORDS)).map((one) => (
            <option key={one} value={one}>
              {WORDS[one] ?? one}
            </option>
          ))}
        </select>
      </label>
      <label className="ab-cred-field ab-cred-wide">
        <span>Sent only to</span>
        <input
          value={hosts}
          onChange={(event) => setHosts(event.target.value)}
          placeholder={known.join(", ") || "api.example.com"}
          spellCheck={false}
          required={known.length === 0}
        />
      </label>
      {kind === "user_password" && (
        <label className="ab-cred-field">
          <span>User</span>
          <input
            value={user}
            onChange={(event) => setUser(event.target.value)}
            spellCheck={false}
            required
          />
        </label>
      )}
      {kind === "header" && (
        <label className="ab-cred-field">
          <span>Header</span>
          <input
            value={header}
            onChange={(event) => setHeader(event.target.value)}
            placeholder="X-Api-Key"
            spellCheck={false}
            required
          />
        </label>
      )}
      <label className="ab-cred-field ab-cred-wide">
        <span>{kind === "user_password" ? "Password" : "Secret"}</span>
        <input ref={secret} type="password" autoComplete="new-password" required />
      </label>
      <Button type="submit" look="primary" label="Keep" disabled={isBusy} />
    </form>
  );
}
