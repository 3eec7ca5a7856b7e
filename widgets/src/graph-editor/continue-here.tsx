/** Goes on from where the film stands, in a new run; the value at hand may be changed first. */

import { useEffect, useState } from "react";
import type { Frame } from "../protocol/messages";
import { Button } from "../ui/button";
import { useView } from "./view";

export function ContinueHere({ frame, onClose }: { frame: Frame; onClose(): void }) {
  const { session, local } = useView();
  const [text, setText] = useState(frame.value);
  const [trouble, setTrouble] = useState("");
  useEffect(() => setText(frame.value), [frame.value]);
  const isChanged = frame.value !== "" && text !== frame.value;
  const goOn = async () => {
    const { at } = frame;
    try {
      await session.request({ op: "fork", at, is_changed: isChanged, value: text });
      local.setState({ isFilmOpen: true });
      onClose();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section className="ab-continue" aria-label="Continue from here">
      {frame.value ? (
        <label>
          <span>
            The value of <code>{frame.place}</code>, as JSON
          </span>
          <textarea
            rows={Math.min(8, text.split("\n").length)}
            spellCheck={false}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
        </label>
      ) : (
        <p>
          A new run takes over everything up to event {frame.at}. To change a value,
          step to the event that gave it.
        </p>
      )}
      {trouble && (
        <p role="alert" className="ab-continue-trouble">
          {trouble}
        </p>
      )}
      <footer>
        <Button label="Cancel" onClick={onClose} />
        <Button
          look="primary"
          icon="play"
          label={isChanged ? "Continue with this value" : "Continue"}
          onClick={() => void goOn()}
        />
      </footer>
    </section>
  );
}
