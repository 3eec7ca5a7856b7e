/**
 * What every stage is: a program in a frame of its own, which may run and load nothing but
 * itself, is given a value and draws it. All it tells is its height, and what went wrong.
 *
 * Stages import nothing of ours but this: they are read in another document.
 */

/** How the place looks in which the frame stands. */
export interface Look {
  isDark: boolean;
  color: string;
  font: string;
}

export type Draw = (
  place: HTMLElement,
  data: unknown,
  look: Look,
) => void | Promise<void>;

/** What a stage tells the page that holds it. */
export interface Told {
  stage: "ready" | "drawn" | "height" | "fault";
  height: number;
  fault: string;
}

export function stage(draw: Draw): void {
  const place = document.createElement("div");
  place.className = "stage";
  document.body.append(place);
  const tell = (what: Told["stage"], fault = "") => {
    const height = Math.ceil(place.getBoundingClientRect().height);
    parent.postMessage({ stage: what, height, fault } satisfies Told, "*");
  };
  const shown = async (data: unknown, look: Look) => {
    try {
      await draw(place, data, look);
      tell("drawn");
      new ResizeObserver(() => tell("height")).observe(place);
    } catch (error) {
      tell("fault", error instanceof Error ? error.message : String(error));
    }
  };
  addEventListener("message", (event) => {
    if (event.source === parent) void shown(event.data.data, event.data.look);
  });
  // An address in a value leads nowhere from here: following it would tell a stranger.
  for (const kind of ["click", "auxclick"]) {
    addEventListener(kind, stopLinks, true);
  }
  tell("ready");
}

function stopLinks(event: Event): void {
  if ((event.target as Element | null)?.closest?.("a")) event.preventDefault();
}

/** Text as notebooks keep it: a string, or a list of lines. */
export const textOf = (data: unknown): string =>
  Array.isArray(data) ? data.join("") : String(data ?? "");
