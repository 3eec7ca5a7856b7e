/** The list of credentials, the form below it, and what the kernel says of both. */

import { useEffect, useState } from "react";
import { Button } from "../ui/button";
import { useDark } from "../ui/theme";
import { AddForm } from "./add-form";
import type { Ask, Entry, Line, Told } from "./wire";

interface RowProps {
  entry: Entry;
  isBusy: boolean;
  ask: (what: Ask) => void;
}

function Row({ entry, isBusy, ask }: RowProps) {
  const [isSure, setSure] = useState(false);
  const isFixed = entry.place === "environment";
  const { name } = entry;
  return (
    <li className="ab-cred-row">
      <span className="ab-cred-name">{name}</span>
      <span className="ab-cred-facts">
        {entry.kind.replace("_", " ")}
        {entry.user && `, ${entry.user}`} · {entry.hosts.join(", ")} · in the{" "}
        {entry.place}
      </span>
      <Button
        label="Test"
        hint={`Sends ${name} to a host of its own`}
        disabled={isBusy}
        onClick={() => ask({ op: "test", name })}
      />
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

export function Desk({ line }: { line: Line }) {
  const [told, setTold] = useState<Told>();
  const [open, setOpen] = useState(0);
  const isDark = useDark();

  useEffect(() => {
    const stop = line.listen((given) => {
      setTold(given);
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
      <AddForm told={told} isBusy={isBusy} ask={ask} />
      <p className="ab-cred-told" role="status" data-level={told?.level ?? "info"}>
        {isBusy ? "One moment…" : told?.text}
      </p>
    </section>
  );
}
