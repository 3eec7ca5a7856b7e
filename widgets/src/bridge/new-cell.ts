/** Puts a new cell below the one that shows a widget, where the host is JupyterLab. */

const WIDGET = "application/vnd.jupyter.widget-view+json";

interface Outputs {
  readonly length: number;
  get(at: number): { data?: Record<string, unknown> };
}

interface Cells {
  readonly length: number;
  get(at: number): { type?: string; outputs?: Outputs };
}

/** The part of JupyterLab's notebook model that is used. */
interface NotebookModel {
  cells?: Cells;
  sharedModel?: { insertCell?(at: number, cell: object): unknown };
}

/** Whether there is a new cell now; false where the host has no such thing. */
export function insertCell(model: unknown, source: string): boolean {
  try {
    const { widget_manager: manager } = model as {
      widget_manager?: { context?: { model?: NotebookModel } };
    };
    const notebook = manager?.context?.model;
    const insert = notebook?.sharedModel?.insertCell;
    if (!notebook?.cells || !insert) return false;
    const at = placeOf(notebook.cells, ownId(model));
    if (at < 0) return false;
    const cell = { cell_type: "code", source, metadata: {}, outputs: [] };
    insert.call(notebook.sharedModel, at + 1, cell);
    return true;
  } catch {
    return false;
  }
}

const ownId = (model: unknown): string =>
  String((model as { get?(name: string): unknown }).get?.("own_id") ?? "");

/** Which cell shows the widget of that id; the last that does. */
function placeOf(cells: Cells, id: string): number {
  for (let at = cells.length - 1; at >= 0; at--) {
    const { outputs } = cells.get(at);
    for (let n = 0; n < (outputs?.length ?? 0); n++) {
      const view = outputs?.get(n).data?.[WIDGET];
      if ((view as { model_id?: string } | undefined)?.model_id === id) return at;
    }
  }
  return -1;
}
