/** A tree too large to be sent: its branches are fetched from the kernel as they are opened. */

import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import { reasonOf } from "../bridge/asking";
import type { WireBranch, WireMember } from "../protocol/messages";
import { condensed, Leaf, Name } from "./json-tree";
import type { Value } from "./value-ask";

interface TreeProps {
  root: WireBranch;
  value: Value;
}

export function PagedTree({ root, value }: TreeProps) {
  return (
    <div className="ab-tree">
      <p className="ab-faint">{sizeOf(root)}</p>
      <Members first={root} path={[]} value={value} />
    </div>
  );
}

interface MembersProps {
  first: WireBranch;
  path: readonly number[];
  value: Value;
}

/** One page of a branch after the other. */
function Members({ first, path, value }: MembersProps) {
  const [page, setPage] = useState(first);
  const [fault, setFault] = useState("");
  const turn = async (start: number) => {
    try {
      setPage(await value.branch([...path], start));
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
  };
  const until = page.start + page.members.length;
  const size = first.members.length;
  return (
    <>
      {placed(page).map(([place, member]) => (
        <Twig key={place} member={member} path={[...path, place]} value={value} />
      ))}
      {fault !== "" && <p className="ab-table-fault">{fault}</p>}
      {page.total > size && (
        <p className="ab-tree-pages">
          <button
            type="button"
            className="ab-text-button"
            disabled={page.start === 0}
            onClick={() => turn(Math.max(0, page.start - size))}
          >
            before
          </button>
          <span className="ab-faint">
            {number(page.start + 1)} to {number(until)} of {number(page.total)}
          </span>
          <button
            type="button"
            className="ab-text-button"
            disabled={until >= page.total}
            onClick={() => turn(until)}
          >
            next
          </button>
        </p>
      )}
    </>
  );
}

interface TwigProps {
  member: WireMember;
  path: readonly number[];
  value: Value;
}

function Twig({ member, path, value }: TwigProps) {
  const [branch, setBranch] = useState<WireBranch>();
  const [isOpen, setOpen] = useState(false);
  const [fault, setFault] = useState("");
  if (member.length < 0) {
    return (
      <div className="ab-twig ab-twig--leaf">
        <Name name={member.name} />
        <Leaf value={member.value} />
      </div>
    );
  }
  const toggle = async () => {
    setOpen(!isOpen);
    if (branch || isOpen) return;
    try {
      setBranch(await value.branch([...path], 0));
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
  };
  const Icon = isOpen ? ChevronDown : ChevronRight;
  return (
    <div className="ab-twig">
      <button
        type="button"
        className="ab-twig-head"
        aria-expanded={isOpen}
        onClick={toggle}
      >
        <Icon size={11} aria-hidden />
        <Name name={member.name} />
        <span className="ab-faint">
          {isOpen || member.length > 4
            ? items(member.length)
            : condensed(member.value, 60)}
        </span>
      </button>
      {isOpen && fault !== "" && <p className="ab-table-fault">{fault}</p>}
      {isOpen && branch && (
        <div className="ab-twigs">
          <Members first={branch} path={path} value={value} />
        </div>
      )}
    </div>
  );
}

/** Each member with its place, which is its name for the kernel. */
const placed = ({ members, start }: WireBranch) =>
  members.map((member, at) => [start + at, member] as const);

const number = (it: number): string => it.toLocaleString("en");
const items = (count: number): string =>
  `${number(count)} ${count === 1 ? "item" : "items"}`;
const sizeOf = ({ is_list, total }: WireBranch): string =>
  is_list ? `[${items(total)}]` : `{${items(total)}}`;
