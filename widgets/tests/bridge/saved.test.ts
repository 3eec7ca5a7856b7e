import { expect, test } from "vitest";
import { FakeModel } from "../../src/bridge/fake-model";
import type { Model } from "../../src/bridge/model";
import { saved, saveLittle } from "../../src/bridge/saved";

const TRAITS = {
  _model_name: "AnyModel",
  _model_module: "anywidget",
  _view_name: "AnyView",
  _anywidget_id: "agentbench.GraphEditor",
  _esm: "x".repeat(600_000),
  _css: "y".repeat(60_000),
  title: "secret plans",
};

test("t32f: of a widget the file keeps its name and a line of text", () => {
  const kept = saved(TRAITS);
  expect(Object.keys(kept).sort()).toEqual([
    "_anywidget_id",
    "_esm",
    "_model_module",
    "_model_name",
    "_view_name",
  ]);
  expect(JSON.stringify(kept).length).toBeLessThan(400);
  expect(kept._esm).toContain("Run the cell again");
});

test("t32f: the whole model is found by its id and told", async () => {
  const whole = { attributes: TRAITS, get_state: () => TRAITS };
  const asked: string[] = [];
  const manager = {
    get_model: async (id: string) => {
      asked.push(id);
      return whole;
    },
  };
  const model: Model = new FakeModel({ own_id: "m1" });
  await saveLittle(Object.assign(model, { widget_manager: manager }));
  expect(asked).toEqual(["m1"]);
  expect(whole.get_state()).toEqual(saved(TRAITS));
});

test("a front end without a manager, and a model without an id, are left alone", async () => {
  await saveLittle(new FakeModel({ own_id: "m1" }));
  await saveLittle(new FakeModel({}));
  const manager = { get_model: () => Promise.reject(new Error("model not found")) };
  await saveLittle(
    Object.assign(new FakeModel({ own_id: "m1" }), { widget_manager: manager }),
  );
});
