/** The list of credentials, the form below it, and what the kernel says of both. */

import { useEffect, useReducer, useState } from "react";
import { CONNECT, CredentialFields, type Filled } from "../forms/credential-fields";
import { Button } from "../ui/button";
import { useDark } from "../ui/theme";
import { Consent, hear } from "./consent";
import type { Ask, Entry, Line } from "./wire";

interface RowProps {
  entry: Entry;
  isBusy: boolean;
  ask: (what: Ask) => void;
}

function Row({ entry, isBusy, ask }: RowProps) {
  const [isSure, setSure] = useState(false);
  const isFixed = entry.place === "environment";
  const { name } = entry;
  const kind = entry.kind.replace("_", " ") + (entry.user && ` of ${entry.user}`);
  const scopes = entry.scopes.length > 0 ? ` for ${entry.scopes.join(" ")}` : "";
  const facts = `${kind}${scopes} · ${entry.hosts.join(", ")} · in the ${entry.place}`;
  return (
    <li className="ab-cred-row">
      <span className="ab-cred-name">{name}</span>
      <span className="ab-cred-facts" title={facts}>
        {facts}
      </span>
      <Button
        label="Test"
        hint={`Sends ${name} to a host of its own`}
        disabled={isBusy}
        onClick={() => ask({ op: "test", name })}
      />
      {entry.connected && (
        <Button
          label="Connect again"
          hint="Asks its provider anew, for the same"
          disabled={isBusy}
          onClick={() => ask({ op: "connect", name })}
        />
      )}
      {!isFixed && (
        <Button
          label={isSure ? "Delete for good" : "Delete"}
          look={isSure ? "danger" : "quiet"}
          disabled={isBusy}
          onBlur={() => setSure(false)}
          onClick={() => (isSure ? ask({ op: "delete", name }) : setSure(true))}
        />
      )}
    </li>
  );
}

/** What is asked for a credential: that it be kept, or that its provider be asked. */
function asked({ app, scopes, kind, user, header, ...given }: Filled): Ask {
  if (kind === CONNECT) return { op: "connect", app, scopes, ...given };
  return { op: "add", kind, user, header, ...given };
}

export function Desk({ line }: { line: Line }) {
  const [{ told, page }, tell] = useReducer(hear, { settled: 0 });
  const [open, setOpen] = useState(0);
  const isDark = useDark();

  useEffect(() => {
    const stop = line.listen((given) => {
      tell(given);
      setOpen((rid) => (given.rid >= rid ? 0 : rid));
    });
    line.ask({ op: "list" });
    return stop;
  }, [line]);

  const ask = (what: Ask) => setOpen(line.ask(what));
  const isBusy = open > 0;
  const entries = told?.entries ?? [];
  return (
    <section className={isDark ? "ab-root ab-cred ab-dark" : "ab-root ab-cred"}>
      <h3 className="ab-cred-title">Credentials</h3>
      {told && entries.length === 0 && (
        <p className="ab-cred-facts">
          None yet. A secret is kept here, and never shown.
        </p>
      )}
      <ul className="ab-cred-list">
        {entries.map((entry) => (
          <Row key={entry.name} entry={entry} isBusy={isBusy} ask={ask} />
        ))}
      </ul>
      <CredentialFields
        kinds={told ? [CONNECT, ...told.kinds] : []}
        familiar={told?.familiar ?? {}}
        providers={told?.providers ?? {}}
        isBusy={isBusy}
        keep={(filled) => ask(asked(filled))}
      />
      {page && <Consent page={page} stop={() => ask({ op: "stop" })} />}
      <p className="ab-cred-told" role="status" data-level={told?.level ?? "info"}>
        {isBusy ? "One moment…" : told?.text}
      </p>
    </section>
  );
}
