/** What a firing waits to be told: its question, with the answers as buttons or a line. */

import { type KeyboardEvent, useState } from "react";
import type { Question } from "../protocol/messages";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";

export type GiveAnswer = (firing: number, answer: unknown) => Promise<boolean>;

interface Props {
  question: Question;
  give: GiveAnswer;
  isOff: boolean;
}

export function QuestionBox({ question, give, isOff }: Props) {
  const [isSent, setSent] = useState(false);
  const say = async (answer: unknown) => {
    setSent(true);
    if (!(await give(question.firing, answer))) setSent(false);
  };
  const isQuiet = isOff || isSent;
  return (
    <fieldset className="ab-question" aria-label="Question" disabled={isQuiet}>
      <p className="ab-question-text">
        <Icon name="person" size={13} />
        <span>{question.text}</span>
      </p>
      {question.choices.length > 0 ? (
        <div className="ab-question-choices">
          {question.choices.map((choice) => (
            <Button
              key={choice}
              label={capitalised(choice)}
              look="plain"
              disabled={isQuiet}
              onClick={() => say(choice)}
            />
          ))}
        </div>
      ) : (
        <FreeAnswer say={say} />
      )}
    </fieldset>
  );
}

function FreeAnswer({ say }: { say(answer: unknown): void }) {
  const [text, setText] = useState("");
  const send = () => text.trim() !== "" && say(readAnswer(text));
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    send();
  };
  return (
    <div className="ab-question-line">
      <input
        className="ab-field-input"
        value={text}
        placeholder="Your answer"
        aria-label="Your answer"
        autoComplete="off"
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKey}
      />
      <Button
        label="Answer"
        look="plain"
        disabled={text.trim() === ""}
        onClick={send}
      />
    </div>
  );
}

/** JSON where it reads as such, else the text: as in the other doors. */
export function readAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
