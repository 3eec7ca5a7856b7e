/** Where the film stands: asks the kernel to put it elsewhere, one question at a time. */

import { useCallback, useRef, useState } from "react";
import type { Frame } from "../protocol/messages";
import type { Session } from "./session";

export interface FilmPlace {
  frame: Frame | undefined;
  trouble: string;
  /** Puts the film at an event; with null, at its end, where it goes on with the run. */
  seek(at: number | null): void;
}

/** The film of a run; what is asked while a question is on its way waits, the last of it. */
export function useFilm(session: Session): FilmPlace {
  const [frame, setFrame] = useState<Frame>();
  const [trouble, setTrouble] = useState("");
  const asking = useRef<{ isBusy: boolean; next: number | null | undefined }>({
    isBusy: false,
    next: undefined,
  });
  const seek = useCallback(
    async (at: number | null) => {
      const state = asking.current;
      if (state.isBusy) {
        state.next = at;
        return;
      }
      state.isBusy = true;
      let wanted: number | null | undefined = at;
      while (wanted !== undefined) {
        state.next = undefined;
        try {
          setFrame((await session.request({ op: "seek", at: wanted })) as Frame);
          setTrouble("");
        } catch (error) {
          setTrouble(error instanceof Error ? error.message : String(error));
        }
        wanted = state.next;
      }
      state.isBusy = false;
    },
    [session],
  );
  return { frame, trouble, seek };
}
