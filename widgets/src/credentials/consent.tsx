/** The page where somebody is to consent, for as long as that is waited for. */

import { Button } from "../ui/button";
import type { Told } from "./wire";

export interface Page {
  rid: number;
  url: string;
}

/** What was told last, the page that is open, and up to where all questions are settled. */
export interface Heard {
  told?: Told;
  page?: Page;
  settled: number;
}

/** Takes in what is told; the end of a question may be told before its page is. */
export function hear(heard: Heard, told: Told): Heard {
  if (told.url)
    return { ...heard, told, page: told.rid > heard.settled ? told : undefined };
  const { page } = heard;
  const settled = Math.max(heard.settled, told.rid);
  return { told, settled, page: page?.rid === told.rid ? undefined : page };
}

export function Consent({ page, stop }: { page: Page; stop: () => void }) {
  const host = new URL(page.url).host;
  return (
    <p className="ab-cred-consent" role="status">
      <span>Waiting for your consent at {host}.</span>
      <a href={page.url} target="_blank" rel="noopener noreferrer">
        Open its page
      </a>
      <Button label="Give up" onClick={stop} />
    </p>
  );
}
