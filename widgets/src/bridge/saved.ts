/**
 * What a notebook keeps of a widget when its user saves widget state: next to nothing.
 *
 * Jupyter would write all traits into the file, our code of several hundred kilobytes
 * first. None of it is worth keeping: the drawing is in the cell's output, the graph in
 * the library. In its place goes a line that says how to go on.
 */

import type { Model } from "./model";

const SAVED =
  'export default{render({el}){el.textContent="This was saved without its kernel. Run the cell again to go on."}}';

/** The traits without which Jupyter cannot make a widget of what it saved. */
const NEEDED = /^_(model|view)_|^_anywidget_id$/;

/** The model itself, of which anywidget hands out a part. */
interface WholeModel {
  attributes: Record<string, unknown>;
  get_state(dropDefaults?: boolean): Record<string, unknown>;
}

type Manager = { get_model?(id: string): Promise<WholeModel> };

/** Has a model saved by its name only; where a front end has no such thing, nothing happens. */
export async function saveLittle(
  model: Model & { widget_manager?: unknown },
): Promise<void> {
  const manager = model.widget_manager as Manager | undefined;
  const id = String(model.get("own_id") ?? "");
  if (!id) return;
  try {
    const whole = await manager?.get_model?.(id);
    if (whole) whole.get_state = () => saved(whole.attributes);
  } catch {
    // It was closed meanwhile, or this front end keeps its models elsewhere.
  }
}

/** What is saved of a model with these traits. */
export function saved(traits: Record<string, unknown>): Record<string, unknown> {
  const needed = Object.entries(traits).filter(([name]) => NEEDED.test(name));
  return { ...Object.fromEntries(needed), _esm: SAVED };
}
