/** Bringing one file to the kernel: from a picker, dropped, or pasted. */

import { type ClipboardEvent, type DragEvent, useState } from "react";
import { useDesk } from "./desk";

/** How a value names an upload: by what is in it and what it is called, on any machine. */
export function uploadOf(path: string): string {
  return path.split(/[/\\]/).slice(-2).join("/");
}

export function useUpload(isWanted: boolean, done: (path: string, file: File) => void) {
  const desk = useDesk();
  const [share, setShare] = useState<number>();
  const [why, setWhy] = useState("");
  const [isOver, setOver] = useState(false);
  const isPossible = desk !== undefined && isWanted;

  const bring = async (file: File | undefined) => {
    if (!desk || !file) return;
    setWhy("");
    setShare(0);
    try {
      done(await desk.upload(file, setShare), file);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      setWhy(`${file.name} did not arrive: ${reason}`);
    }
    setShare(undefined);
  };
  const keep = (event: DragEvent | ClipboardEvent) => {
    event.preventDefault();
    event.stopPropagation();
  };
  const drop = {
    onDragOver: (event: DragEvent) => {
      if (!isPossible || !event.dataTransfer.types.includes("Files")) return;
      keep(event);
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      if (!isPossible) return;
      keep(event);
      setOver(false);
      void bring(event.dataTransfer.files[0]);
    },
  };
  const onPaste = (event: ClipboardEvent) => {
    const [file] = event.clipboardData?.files ?? [];
    if (!isPossible || !file) return;
    keep(event);
    void bring(file);
  };
  const percent = Math.round((share ?? 0) * 100);
  return { isPossible, share, percent, why, isOver, bring, drop, onPaste };
}
