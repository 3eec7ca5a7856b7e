/** What the front ends need of an anywidget model, and React's way to a trait of it. */

import type { AnyModel } from "@anywidget/types";
import { useCallback, useSyncExternalStore } from "react";

export type Traits = Record<string, unknown>;

/** The part of an anywidget model that is used; FakeModel stands in for it. */
export type Model = Pick<
  AnyModel<Traits>,
  "get" | "set" | "save_changes" | "on" | "off" | "send"
>;

/** A trait of the model, and the way to set it in the kernel too. */
export function useTrait<T>(model: Model, name: string, fallback: T) {
  const subscribe = useCallback(
    (tell: () => void) => {
      model.on(`change:${name}`, tell);
      return () => model.off(`change:${name}`, tell);
    },
    [model, name],
  );
  const value = useSyncExternalStore(
    subscribe,
    () => (model.get(name) as T | undefined) ?? fallback,
  );
  const set = useCallback(
    (next: T) => {
      model.set(name, next);
      try {
        model.save_changes();
      } catch {
        // The kernel is gone: the view keeps the value for itself.
      }
    },
    [model, name],
  );
  return [value, set] as const;
}
