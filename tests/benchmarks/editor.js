// What is measured inside the page: handed to it once, called by editor.py.
(() => {
  const frame = () => new Promise(requestAnimationFrame);
  const painted = async () => {
    await frame();
    await new Promise((done) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
  };
  const root = () => document.querySelector(".ab-editor");
  const pane = () => root().querySelector(".react-flow__pane");
  const visibleNodes = () =>
    [...root().querySelectorAll(".react-flow__node")].filter(
      (node) => node.style.visibility !== "hidden",
    );

  /** Milliseconds from the making of the model until the canvas stands still and is drawn. */
  async function firstPaint() {
    for (let last = "", same = 0; same < 2; ) {
      await painted();
      const view = document.querySelector(".ab-editor .react-flow__viewport");
      const now = view && visibleNodes().length ? view.style.transform : "";
      same = now && now === last ? same + 1 : 0;
      last = now;
      if (same === 1) performance.mark("editor-painted");
    }
    const [begin] = performance.getEntriesByName("editor-begins");
    const end = performance.getEntriesByName("editor-painted").at(-1);
    return end.startTime - begin.startTime;
  }

  /** Frames a second while the canvas is dragged round in circles. */
  async function pan(seconds) {
    const { left, top, width, height } = pane().getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const at = (clientX, clientY) => ({
      view: window, bubbles: true, cancelable: true, button: 0, buttons: 1, clientX, clientY,
    });
    const view = root().querySelector(".react-flow__viewport");
    const before = view.style.transform;
    pane().dispatchEvent(new MouseEvent("mousedown", at(x, y)));
    let frames = 0;
    let isMoved = false;
    const began = performance.now();
    while (performance.now() - began < seconds * 1000) {
      const turn = frames / 20;
      const [dx, dy] = [Math.sin(turn) * 160, (1 - Math.cos(turn)) * 80];
      window.dispatchEvent(new MouseEvent("mousemove", at(x + dx, y + dy)));
      await frame();
      isMoved ||= view.style.transform !== before;
      frames += 1;
    }
    const took = (performance.now() - began) / 1000;
    // Back to where it was: the next round is to see the same.
    window.dispatchEvent(new MouseEvent("mousemove", at(x, y)));
    window.dispatchEvent(new MouseEvent("mouseup", at(x, y)));
    await frame();
    if (visibleNodes().length === 0) throw new Error("There was nothing in sight.");
    if (!isMoved) throw new Error("The canvas did not move: nothing was measured.");
    return frames / took;
  }

  /**
   * Frames a second while so many statuses a second come in, twenty messages a second, as
   * the kernel's pump sends them; and how many nodes do not show their last one in the end.
   */
  async function storm(seconds, rate) {
    const { kernel, model } = window.playground;
    const ids = [...kernel.nodes.keys()];
    const states = new Map();
    const run = {
      id: "storm", status: "running", started: Date.now() / 1000, seconds: 0,
      failures: [], link_counts: {}, is_ours: true, reason: "",
    };
    const blank = {
      running: 0, completed: 0, failed: 0, waiting: 0, error: "", place: "", seconds: 0,
      progress: null, progress_text: "", preview: null, preview_port: "", reason: "",
      question: null,
    };
    const words = ["ready", "running", "completed"];
    let told = 0;
    const tell = (count, isLast = false) => {
      const nodes = [];
      for (let number = 0; number < count; number++, told++) {
        const node = ids[told % ids.length];
        const status = isLast ? "completed" : words[Math.floor(told / ids.length + told) % 3];
        const state = { ...blank, node, status, completed: told };
        states.set(node, state);
        nodes.push(state);
      }
      const status = isLast ? "completed" : "running";
      kernel.tell({
        update: "run_changed", run: { ...run, status }, nodes, is_new: told === count && !isLast,
      });
    };
    let frames = 0;
    const began = performance.now();
    // As much as is due: a page that falls behind gets more at once, as it would from a kernel.
    const due = () => Math.floor(((performance.now() - began) / 1000) * rate) - told;
    const beat = setInterval(() => tell(due()), 50);
    while (performance.now() - began < seconds * 1000) {
      await frame();
      frames += 1;
    }
    const took = (performance.now() - began) / 1000;
    clearInterval(beat);
    tell(ids.length, true);
    await painted();
    await painted();
    const lost = visibleNodes().filter((node) => {
      const shown = node.querySelector("[data-run]");
      return shown?.dataset.run !== states.get(node.dataset.id).status;
    });
    if (told < rate * seconds * 0.8) throw new Error(`Only ${told} statuses were told.`);
    return { fps: frames / took, lost: lost.length, told };
  }

  /** Milliseconds from each key pressed in the focused field until it is on the screen. */
  function listenToKeys() {
    const times = [];
    document.addEventListener(
      "keydown",
      async (event) => {
        const began = event.timeStamp;
        await painted();
        times.push(performance.now() - began);
      },
      true,
    );
    return times;
  }

  window.bench = { firstPaint, pan, storm, listenToKeys, keys: null };
})();
