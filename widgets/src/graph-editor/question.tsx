/** What a firing waits to be told: its question, with buttons, fields or a line to answer. */

import { type KeyboardEvent, useCallback, useRef, useState } from "react";
import { useDesk } from "../forms/desk";
import { type Check, Form } from "../forms/form";
import type { Question } from "../protocol/messages";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { weightOf } from "../ui/weight";

export type GiveAnswer = (firing: number, answer: unknown) => Promise<boolean>;

interface Props {
  /** The node that asks. */
  node: string;
  question: Question;
  give: GiveAnswer;
  isOff: boolean;
}

type Say = (answer: unknown) => void;

/** What the choices of a decision are called on buttons. */
const DECISIONS: Record<string, [label: string, hint: string]> = {
  again: ["Send again", "It was not sent: do it once more"],
  done: ["It was sent", "It counts as done, without a value"],
  failed: ["It failed", "It counts as failed"],
};

export function QuestionBox({ node, question, give, isOff }: Props) {
  const [isSent, setSent] = useState(false);
  const [comment, setComment] = useState("");
  const say = async (answer: unknown) => {
    setSent(true);
    const said = comment.trim() ? { answer, comment: comment.trim() } : answer;
    if (!(await give(question.firing, said))) setSent(false);
  };
  const isQuiet = isOff || isSent;
  return (
    <fieldset
      className="ab-question"
      aria-label={question.is_decision ? "Decision" : "Question"}
      data-whole={question.is_whole}
      disabled={isQuiet}
    >
      <p className="ab-question-text">
        <Icon name="person" size={13} />
        <span>{question.text}</span>
      </p>
      {question.comment && (
        <input
          className="ab-field-input"
          value={comment}
          placeholder="Comment (optional)"
          aria-label="Comment"
          autoComplete="off"
          onChange={(event) => setComment(event.target.value)}
          onKeyDown={(event) => event.stopPropagation()}
        />
      )}
      {question.choices.length > 0 ? (
        <Choices question={question} say={say} isQuiet={isQuiet} />
      ) : optionsOf(question).length > 0 ? (
        <SeveralChoices question={question} say={say} isQuiet={isQuiet} />
      ) : question.form.length > 0 ? (
        <FormAnswer node={node} question={question} say={say} isQuiet={isQuiet} />
      ) : (
        <FreeAnswer say={say} />
      )}
      {question.until > 0 && (
        <p className="ab-question-until">until {moment(question.until)}</p>
      )}
    </fieldset>
  );
}

interface AnswerProps {
  question: Question;
  say: Say;
  isQuiet: boolean;
}

function Choices({ question, say, isQuiet }: AnswerProps) {
  return (
    <div className="ab-question-choices">
      {question.choices.map((choice) => {
        const [label, hint] = (question.is_decision && DECISIONS[choice]) || [
          capitalised(choice),
        ];
        return (
          <Button
            key={choice}
            label={label}
            {...(hint ? { hint } : {})}
            look={weightOf(choice) === "goes-on" ? "primary" : "plain"}
            data-weight={weightOf(choice)}
            disabled={isQuiet}
            onClick={() => say(choice)}
          />
        );
      })}
    </div>
  );
}

/** What any number may be chosen of, if that is what is asked. */
function optionsOf({ form, is_whole: isWhole }: Question): string[] {
  const schema = form[0]?.schema;
  const items = schema?.items as { enum?: unknown } | undefined;
  const options = isWhole && schema?.type === "array" ? items?.enum : undefined;
  const isPlain =
    Array.isArray(options) && options.every((it) => typeof it === "string");
  return isPlain ? (options as string[]) : [];
}

function SeveralChoices({ question, say, isQuiet }: AnswerProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const options = optionsOf(question);
  const toggle = (option: string) =>
    setChosen(
      options.filter((it) => chosen.includes(it) !== (it === option)), // in their order
    );
  return (
    <>
      <div className="ab-question-choices">
        {options.map((option) => (
          <Button
            key={option}
            label={option}
            look="plain"
            {...(chosen.includes(option) ? { icon: "check" as const } : {})}
            aria-pressed={chosen.includes(option)}
            disabled={isQuiet}
            onClick={() => toggle(option)}
          />
        ))}
      </div>
      <Button
        label={chosen.length > 0 ? `Answer with ${chosen.length}` : "Answer with none"}
        look="primary"
        disabled={isQuiet}
        onClick={() => say(chosen)}
      />
    </>
  );
}

function FormAnswer(props: AnswerProps & { node: string }) {
  const { node, question, say, isQuiet } = props;
  const { form, is_whole: isWhole, firing } = question;
  const desk = useDesk();
  const check = useCallback<Check>(
    async (values) => (await desk?.check(values, { node, firing })) ?? [],
    [desk, node, firing],
  );
  const [values, setValues] = useState(question.initial);
  const given = useRef(values);
  const put = (next: Record<string, unknown>) => {
    given.current = next;
    setValues(next);
  };
  const missing = form.filter((port) => port.required && !(port.name in values));
  const send = () => {
    const [only] = form;
    const defaults = form.filter((port) => port.has_default);
    const usual = Object.fromEntries(defaults.map((port) => [port.name, port.default]));
    const all: Record<string, unknown> = { ...usual, ...given.current };
    say(isWhole && only ? all[only.name] : all);
  };
  return (
    <>
      <Form
        ports={form}
        values={values}
        check={check}
        disabled={isQuiet}
        onChange={(name, value) => put({ ...given.current, [name]: value })}
        onClear={(name) => {
          const { [name]: _gone, ...rest } = given.current;
          put(rest);
        }}
      />
      <Button
        label="Answer"
        look="primary"
        disabled={isQuiet || missing.length > 0}
        onClick={send}
      />
    </>
  );
}

function FreeAnswer({ say }: { say: Say }) {
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
        look="primary"
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

function moment(seconds: number): string {
  const at = new Date(seconds * 1000);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday ? at.toLocaleTimeString() : at.toLocaleString();
}

const capitalised = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
