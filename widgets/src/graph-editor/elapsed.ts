/** Seconds that go on by themselves between what the kernel tells. */

import { useEffect, useState } from "react";

const BEAT = 200;

/** `seconds` as told, counted on while `isRunning`. */
export function useElapsed(seconds: number, isRunning: boolean): number {
  const [more, setMore] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is told starts it again
  useEffect(() => {
    setMore(0);
    if (!isRunning) return;
    const told = Date.now();
    const timer = setInterval(() => setMore((Date.now() - told) / 1000), BEAT);
    return () => clearInterval(timer);
  }, [seconds, isRunning]);
  return seconds + more;
}
