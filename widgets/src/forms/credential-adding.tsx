/** Takes a new credential on the spot, for the field that needs one. */

import { useState } from "react";
import type { ShapeOf } from "./control";
import { CredentialFields, type Filled } from "./credential-fields";
import type { CredentialOffers, NewCredential } from "./desk";

interface Props {
  shape: ShapeOf<"credential">;
  offers: CredentialOffers;
  /** What it shall be called, where something names one that is not there. */
  name: string;
  add(given: NewCredential): Promise<void>;
  close(): void;
}

export function CredentialAdding({ shape, offers, name, add, close }: Props) {
  const [why, setWhy] = useState("");
  const [isBusy, setBusy] = useState(false);
  const keep = async ({ app: _app, scopes: _scopes, ...wanted }: Filled) => {
    setBusy(true);
    try {
      await add(wanted);
    } catch (error) {
      setWhy(error instanceof Error ? error.message : String(error));
      setBusy(false);
    }
  };
  return (
    <CredentialFields
      kinds={shape.kinds.length > 0 ? shape.kinds : offers.kinds}
      familiar={offers.familiar}
      name={name}
      hosts={shape.hosts}
      isBusy={isBusy}
      why={why}
      keep={(filled) => void keep(filled)}
      close={close}
    />
  );
}
