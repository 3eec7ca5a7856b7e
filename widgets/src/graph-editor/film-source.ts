/** The timeline of the run that is shown, asked for over the session of the editor. */

import type { Ask, Late, Source } from "../film/source";
import type { FiringLook, TimelineAbout, TimelineBars } from "../protocol/messages";
import { codeOf } from "../ui/late-code";
import type { Session } from "./session";

const BEAT = 1000;
/** The same while the log is still being read. */
const SOON = 60;

export class SessionSource implements Source {
  about: TimelineAbout | undefined;
  private readonly hearers = new Set<() => void>();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isClosed = false;

  constructor(private readonly session: Session) {}

  async bars({ start, end, width, rows }: Ask): Promise<TimelineBars> {
    const ask = { op: "bars", start, end, width, rows } as const;
    return (await this.session.request(ask)) as TimelineBars;
  }

  async firing(node: string, number: number): Promise<FiringLook> {
    return (await this.session.request({ op: "firing", node, number })) as FiringLook;
  }

  get late(): Late {
    return (name) => codeOf(name, this.session.late);
  }

  listen(tell: () => void): () => void {
    this.hearers.add(tell);
    return () => this.hearers.delete(tell);
  }

  /** Asks how the run stands, and again while it goes on. */
  async renew(goesOn: () => boolean): Promise<void> {
    clearTimeout(this.timer);
    try {
      const told = (await this.session.request({ op: "film_about" })) as TimelineAbout;
      if (this.isClosed) return;
      this.about = told;
      for (const tell of this.hearers) tell();
    } catch {
      // The kernel is busy or gone: the editor says so itself.
    }
    // A long log is read a part with each question.
    const isRead = (this.about?.read ?? 1) >= 1;
    if (!this.isClosed && (goesOn() || !isRead)) {
      this.timer = setTimeout(() => void this.renew(goesOn), isRead ? BEAT : SOON);
    }
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.hearers.clear();
  }
}
