/** What an empty canvas says. */

import { Icon } from "../ui/icon";
import { useLocal, useReadOnly } from "./view";

export function EmptyHint() {
  const isReadOnly = useReadOnly();
  const isPaletteOpen = useLocal((state) => state.isPaletteOpen);
  return (
    <div className="ab-empty">
      <Icon name="sparkles" size={22} />
      <strong>{isReadOnly ? "This agent has no nodes" : "Start with a block"}</strong>
      {!isReadOnly && (
        <p>
          {isPaletteOpen ? "Click or drag one from the left" : "Open the blocks panel"},
          or double-click here to search. Then draw links from outputs to inputs and
          press Run.
        </p>
      )}
    </div>
  );
}
