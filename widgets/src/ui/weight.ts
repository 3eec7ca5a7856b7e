/** How much an answer weighs among others: the one that lets things go on leads the eye. */

export type Weight = "goes-on" | "refuses" | "equal";

/** Answers in the words of our own questions, and those that people choose most. */
const WEIGHTS: Readonly<Record<string, Weight>> = {
  approve: "goes-on",
  accept: "goes-on",
  allow: "goes-on",
  "go on": "goes-on",
  yes: "goes-on",
  reject: "refuses",
  decline: "refuses",
  deny: "refuses",
  refuse: "refuses",
  no: "refuses",
};

export function weightOf(answer: string): Weight {
  const word = answer.trim().toLowerCase();
  return Object.hasOwn(WEIGHTS, word) ? (WEIGHTS[word] ?? "equal") : "equal";
}
