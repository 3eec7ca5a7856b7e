import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { afterEach, expect, test, vi } from "vitest";
import { FakeKernel } from "../../playground/fake-kernel";
import { GRAPHS } from "../../playground/graphs";
import { FakeModel } from "../../src/bridge/fake-model";
import { plainOf } from "../../src/graph/diff";
import graphEditor from "../../src/graph-editor/widget";

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanups.splice(0)) act(clean);
});

type Widget = ReturnType<typeof graphEditor>;

function view(widget: Widget, model: FakeModel): HTMLElement {
  const el = document.body.appendChild(document.createElement("div"));
  let leave = () => {};
  act(() => {
    leave = widget.render({ model, el });
  });
  cleanups.push(leave, () => el.remove());
  return el;
}

function open(graph = "brief", prepare: (kernel: FakeKernel) => void = () => {}) {
  const kernel = new FakeKernel();
  GRAPHS[graph]?.(kernel);
  prepare(kernel);
  const model = new FakeModel({ height: 400 }, kernel.answer);
  const widget = graphEditor();
  const close = widget.initialize({ model });
  const el = view(widget, model);
  cleanups.push(close);
  return { kernel, model, el, widget };
}

const edits = (model: FakeModel) =>
  model.sent.flatMap((message) => (message.op === "edit" ? message.edits : []));
const node = (title: string) =>
  waitFor(() => {
    const found = screen.getByText(title, { selector: ".ab-node-title" });
    return found.closest(".ab-node") as HTMLElement;
  });

test("the view waits for the kernel and then draws its graph", async () => {
  open();
  expect(screen.getByText("Waiting for the kernel…")).toBeTruthy();
  const card = await node("Ask a model");
  expect(within(card).getByText("prompt")).toBeTruthy();
  expect(screen.getByText("Brief writer")).toBeTruthy();
});

const unfold = (card: HTMLElement) =>
  fireEvent.click(within(card).getByRole("button", { name: /more setting/ }));

test("a linked input has no field, the others have one", async () => {
  open();
  const card = await node("Ask a model");
  unfold(card);
  expect(
    card.querySelector("[data-port=prompt] textarea, [data-port=prompt] input"),
  ).toBe(null);
  expect(card.querySelector("[data-port=model] select")).toBeTruthy();
});

test("a card shows what is needed, linked or set; the rest opens in place", async () => {
  open("brief", (kernel) => {
    kernel.apply({ edit: "set_constant", id: "ask", port: "stop", value: ["."] });
  });
  const card = await node("Ask a model");
  const ports = () =>
    [...card.querySelectorAll(".ab-row:has(.target)")].map((row) =>
      row.getAttribute("data-port"),
    );
  expect(ports()).toEqual(["prompt", "model", "stop"]);
  unfold(card);
  expect(ports()).toEqual(["prompt", "model", "stop", "temperature", "system"]);
  fireEvent.click(within(card).getByText("Fewer settings"));
  expect(ports()).toEqual(["prompt", "model", "stop"]);
});

test("long text is one line on a card and opens when it is pressed", async () => {
  open("pair");
  const card = await node("Ask a model");
  const area = card.querySelector("[data-port=prompt] textarea") as HTMLElement;
  const line = area.closest(".ab-field-area") as HTMLElement;
  fireEvent.pointerDown(area);
  act(() => area.focus());
  expect(line.dataset.open).toBe(undefined);
  fireEvent.click(area);
  expect(line.dataset.open).toBe("true");
  fireEvent.keyDown(area, { key: "Escape" });
  expect(line.dataset.open).toBe(undefined);
  expect(document.activeElement?.classList).toContain("ab-editor");
});

test("a value typed on a card is judged before the graph says what is wrong", async () => {
  const asked: unknown[] = [];
  open("brief", (kernel) => {
    kernel.apply({ edit: "set_constant", id: "ask", port: "stop", value: ["a", "."] });
    kernel.judge = (values) => {
      asked.push(values);
      return [{ path: ["stop", 1], text: "It must not be a point." }];
    };
  });
  const card = await node("Ask a model");
  const row = card.querySelector("[data-port=stop]") as HTMLElement;
  fireEvent.click(row.querySelector(".ab-field-fold") as Element);
  const [, second] = row.querySelectorAll<HTMLInputElement>("[data-row] input");
  expect(asked).toEqual([]);
  fireEvent.change(second as Element, { target: { value: ".." } });
  fireEvent.blur(second as Element);
  const wrong = await within(row).findByText("It must not be a point.");
  expect(wrong.closest("[data-row]")?.contains(second as Element)).toBe(true);
  expect(asked.at(-1)).toEqual({ stop: ["a", ".."] });
});

test("a click in the palette adds a block that is free to stand", async () => {
  const { model } = open();
  await node("Ask a model");
  fireEvent.click(screen.getByText("Calculate", { selector: ".ab-block-title" }));
  await waitFor(() => expect(edits(model)).toHaveLength(1));
  expect(edits(model)[0]).toMatchObject({ edit: "add_node", id: "calculate" });
});

test("the keyboard alone finds and adds a block", async () => {
  const { model } = open();
  await node("Ask a model");
  const box = screen.getByLabelText("Search blocks");
  fireEvent.change(box, { target: { value: "calc" } });
  fireEvent.keyDown(box, { key: "Enter" });
  await waitFor(() => expect(edits(model)).toHaveLength(1));
  expect(edits(model)[0]).toMatchObject({ block: "math.calculate" });
});

test("Delete takes the selected node away, but not while somebody types", async () => {
  const { model } = open();
  const card = await node("Fetch a page");
  fireEvent.click(card.querySelector(".ab-node-title") as Element);
  const field = card.querySelector("input") as HTMLElement;
  fireEvent.keyDown(field, { key: "Backspace" });
  expect(edits(model)).toEqual([]);
  fireEvent.keyDown(card, { key: "Delete" });
  await waitFor(() =>
    expect(edits(model)).toEqual([{ edit: "remove_node", id: "page" }]),
  );
});

test("keys stay inside, but for bare modifiers and Ctrl+S", async () => {
  const { el } = open();
  await node("Ask a model");
  const heard: string[] = [];
  const listen = (event: KeyboardEvent) => heard.push(event.key);
  document.addEventListener("keydown", listen);
  const inside = el.querySelector(".ab-editor") as Element;
  for (const key of ["d", "Enter", "ArrowDown", "Shift"])
    fireEvent.keyDown(inside, { key });
  fireEvent.keyDown(inside, { key: "s", ctrlKey: true });
  document.removeEventListener("keydown", listen);
  expect(heard).toEqual(["Shift", "s"]);
});

test("an unknown block is drawn with its reason, and listed", async () => {
  open("broken");
  const card = await node("vendor.summarise");
  expect(within(card).getByText(/is unknown here/)).toBeTruthy();
  fireEvent.click(screen.getByText(/problem/));
  expect(screen.getByRole("region", { name: "Problems" }).textContent).toContain("old");
});

test("a node with a problem is marked also where only its title is drawn", async () => {
  open("brief", (kernel) => {
    const message = "needs a link or a constant.";
    kernel.problems = () => [
      {
        node: "ask",
        port: "prompt",
        level: "error",
        link: "",
        is_missing: false,
        message,
      },
    ];
  });
  const card = await node("Ask a model");
  expect(card.querySelector(".ab-node-far .ab-mark-error")).toBeTruthy();
  const other = document.querySelectorAll(".ab-node-far .ab-mark-error");
  expect(other.length).toBe(1);
});

test("a read-only agent says why and lets nothing be changed", async () => {
  const { model } = open("brief", (kernel) => {
    kernel.readOnly = "a newer format";
  });
  const card = await node("Fetch a page");
  expect(screen.getByText("Read-only: a newer format")).toBeTruthy();
  fireEvent.click(screen.getByText("Calculate", { selector: ".ab-block-title" }));
  fireEvent.keyDown(card, { key: "Delete" });
  expect(edits(model)).toEqual([]);
});

test("a save that meets another version shows what differs, and is merged", async () => {
  const { model, kernel } = open("brief", (kernel) => {
    kernel.hasConflict = true;
    kernel.keep();
    const { nodes, ...rest } = plainOf("Brief", Object.fromEntries(kernel.nodes), {});
    const ask = nodes.ask && { ...nodes.ask, title: "Theirs" };
    const links = kernel.links.map(({ types: _types, ...link }) => link);
    kernel.theirs = {
      ...rest,
      links,
      hash: "h",
      nodes: { ...nodes, ...(ask && { ask }) },
    };
  });
  await node("Ask a model");
  fireEvent.click(screen.getByLabelText("Save"));
  await screen.findByText("Saved elsewhere meanwhile");
  expect(screen.getByText("Theirs", { selector: "ins" })).toBeTruthy();
  fireEvent.click(screen.getByText("Merge and save"));
  await screen.findByText("Saved as version 4.");
  expect(screen.queryByText("Saved elsewhere meanwhile")).toBeNull();
  const saves = model.sent.filter((message) => message.op === "save");
  expect(saves).toMatchObject([{ over: "" }, { over: "h" }]);
  expect(kernel.nodes.get("ask")?.own_title).toBe("Theirs");
});

test("what the kernel has to say is said once, where screen readers hear it", async () => {
  const { kernel, el } = open();
  await node("Ask a model");
  act(() => kernel.tell({ update: "notice_given", level: "info", text: "Hello." }));
  const toast = await screen.findByText("Hello.");
  expect(toast.closest("[aria-live=polite]")).toBeTruthy();
  expect(el.querySelectorAll(".ab-toast")).toHaveLength(1);
});

test("a restarted kernel is told, and the buttons rest", async () => {
  const { model } = open();
  await node("Ask a model");
  model.isDead = true;
  act(() => model.emit("comm_live_update"));
  expect(screen.getByText(/kernel was restarted/)).toBeTruthy();
  expect(screen.getByText("Run").closest("button")?.disabled).toBe(true);
});

test("an empty canvas says how to begin", async () => {
  open("empty");
  expect(await screen.findByText("Start with a block")).toBeTruthy();
});

test("two views of one model show the same graph, each with its own selection", async () => {
  const { model, el, widget } = open();
  await node("Ask a model");
  const other = view(widget, model);
  await waitFor(() => expect(other.querySelectorAll(".ab-node")).toHaveLength(5));
  fireEvent.click(el.querySelector(".ab-node-title") as Element);
  expect(el.querySelectorAll(".ab-selected").length).toBeGreaterThan(0);
  expect(other.querySelectorAll(".ab-selected")).toHaveLength(0);
});

test("the inspector names what feeds an input, and is as wide as it was left", async () => {
  const { el } = open();
  const press = async (title: string) => {
    fireEvent.click((await node(title)).querySelector(".ab-node-title") as Element);
    return screen.findByLabelText("Width of the inspector");
  };
  const edge = await press("Ask a model");
  expect(screen.getByText("from Fill a template")).toBeTruthy();
  fireEvent.keyDown(edge, { key: "ArrowLeft" });
  fireEvent.click(screen.getByLabelText("Close the inspector"));
  expect(el.querySelector(".ab-inspector")).toBe(null);
  expect((await press("Fetch a page")).getAttribute("aria-valuenow")).toBe("400");
});

test("a sticky link says so, with what went over it", async () => {
  const { el } = open();
  await node("Ask a model");
  const mark = await waitFor(() => el.querySelector(".ab-link-count") as HTMLElement);
  expect(mark.title).toContain("its newest value stays");
});

test("a narrow view of a graph begins without the blocks, an empty one with them", async () => {
  const width = vi.spyOn(HTMLElement.prototype, "clientWidth", "get");
  width.mockReturnValue(900);
  cleanups.push(() => width.mockRestore());
  const { el } = open();
  await node("Ask a model");
  expect(el.querySelector(".ab-palette")).toBe(null);
  const empty = open("empty");
  await waitFor(() => expect(empty.el.querySelector(".ab-palette")).toBeTruthy());
});

const menuOf = async (title: string) => {
  const card = await node(title);
  fireEvent.click(within(card).getByRole("button", { name: `Menu of ${title}` }));
  return (name: string) => fireEvent.click(screen.getByRole("menuitem", { name }));
};
const asked = (model: FakeModel) =>
  model.sent.flatMap((message) => (message.op === "run" ? [message] : []));

test("a node is disabled and bypassed from its menu, and looks it", async () => {
  open();
  (await menuOf("Ask a model"))("Disable Ctrl+M");
  await waitFor(async () =>
    expect((await node("Ask a model")).dataset.mode).toBe("disabled"),
  );
  (await menuOf("Ask a model"))("Enable Ctrl+M");
  (await menuOf("Ask a model"))("Bypass Ctrl+B");
  await waitFor(async () =>
    expect((await node("Ask a model")).dataset.mode).toBe("bypassed"),
  );
});

test("Ctrl+M and Ctrl+B switch the selected nodes, and stay inside", async () => {
  const { el, model } = open();
  const card = await node("Ask a model");
  const leaked = vi.fn();
  document.addEventListener("keydown", leaked);
  cleanups.push(() => document.removeEventListener("keydown", leaked));
  fireEvent.click(card);
  const editor = el.querySelector(".ab-editor") as HTMLElement;
  for (const key of ["m", "b", "m"]) {
    fireEvent.keyDown(editor, { key, ctrlKey: true });
    await waitFor(() => expect(model.sent.at(-1)?.op).toBe("edit"));
    await act(() => new Promise((resolve) => setTimeout(resolve, 60)));
  }
  expect(edits(model)).toEqual([
    { edit: "set_option", id: "ask", option: "disabled", value: true },
    { edit: "set_option", id: "ask", option: "bypassed", value: true },
    { edit: "set_option", id: "ask", option: "disabled", value: null },
  ]);
  expect(leaked).not.toHaveBeenCalled();
});

const button = (name: string) =>
  screen.getByRole("button", { name }) as HTMLButtonElement;

/** Stops the run that was just asked for, once it is there. */
async function stopped() {
  await waitFor(() => expect(button("Stop").disabled).toBe(false));
  fireEvent.click(button("Stop"));
  await waitFor(() => expect(button("Run").disabled).toBe(false));
}

test("a part is run from the menus, all of it from the button", async () => {
  const { model } = open("pair");
  (await menuOf("Ask a model"))("Run from here");
  await waitFor(() => expect(asked(model)[0]).toMatchObject({ from_node: "ask" }));
  await stopped();
  (await menuOf("Ask a model"))("Run only this node");
  await waitFor(() => expect(asked(model)[1]).toMatchObject({ only: ["ask"] }));
  await stopped();
  fireEvent.click(button("Ways to run"));
  fireEvent.click(screen.getByRole("menuitem", { name: /Run only what changed/ }));
  await waitFor(() => expect(asked(model)[2]).toMatchObject({ reuse: true }));
  await stopped();
  fireEvent.click(button("Run"));
  const whole = { reuse: false, from_node: "", only: [] };
  await waitFor(() => expect(asked(model)[3]).toMatchObject(whole));
});

test("a node that waits is answered where it stands", async () => {
  const { model } = open("asking");
  await node("Approve");
  fireEvent.click(screen.getByRole("button", { name: "Run" }));
  const patient = { timeout: 5000 };
  const yes = await screen.findByRole("button", { name: "Approve" }, patient);
  fireEvent.click(yes);
  await waitFor(() =>
    expect(model.sent.findLast((it) => it.op === "answer")).toMatchObject({
      op: "answer",
      node: "gate",
      firing: 1,
      answer: "approve",
    }),
  );
  await waitFor(async () =>
    expect((await node("Approve")).dataset.run).toBe("completed"),
  );
});

test("the last value is pinned, given in the next run, and unpinned", async () => {
  open("pair");
  await node("Fetch a page");
  fireEvent.click(screen.getByRole("button", { name: "Run" }));
  await waitFor(
    async () => expect((await node("Fetch a page")).dataset.run).toBe("completed"),
    { timeout: 10_000 },
  );
  (await menuOf("Fetch a page"))("Pin this output");
  await waitFor(async () =>
    expect((await node("Fetch a page")).dataset.mode).toBe("pinned"),
  );
  (await menuOf("Fetch a page"))("Unpin");
  await waitFor(async () =>
    expect((await node("Fetch a page")).dataset.mode).toBe(undefined),
  );
}, 20_000);
