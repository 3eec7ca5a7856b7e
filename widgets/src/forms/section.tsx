/** Fields that are folded away until somebody wants them. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { type ReactNode, useState } from "react";

interface Props {
  title: string;
  /** How many of them are set. */
  count: number;
  isWrong: boolean;
  children: ReactNode;
}

/** Open from the start when something in it is wrong. */
export function Section({ title, count, isWrong, children }: Props) {
  const [isOpen, setOpen] = useState(isWrong);
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <>
      <button
        type="button"
        className="ab-section-toggle"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon size={14} aria-hidden /> {title}
        {count > 0 && <span className="ab-tally">{count} set</span>}
        {isWrong && !isOpen && <span className="ab-tally ab-tally--wrong">!</span>}
      </button>
      {isOpen && children}
    </>
  );
}
