// Stands between JupyterLab and its server: while `faultyLine.mode` is "lossy" the comm
// messages of the kernel are lost (70 %), doubled (10 %) and mixed up in windows of 20;
// while it is "cut" all of them are lost. Everything else gets through as it is.
// Counts what the kernel sent for widgets, and when by its own clock: a page that was held up
// for a moment gets all of that moment at once.
(() => {
  const line = (window.faultyLine = { mode: "whole", sent: 0, lost: 0, times: [] });
  let state = 20;
  const roll = () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };

  const headerOf = (data) => {
    if (typeof data === "string") return JSON.parse(data).header;
    const view = new DataView(data);
    const at = (index) => Number(view.getBigUint64(8 * (index + 1), true));
    return JSON.parse(new TextDecoder().decode(data.slice(at(1), at(2))));
  };
  const isComm = (data) => {
    try {
      return headerOf(data).msg_type === "comm_msg";
    } catch {
      return false;
    }
  };

  class FaultyWebSocket extends WebSocket {
    held = [];

    set onmessage(hear) {
      this.hear = hear;
      super.onmessage = (event) => this.take(event);
    }

    get onmessage() {
      return this.hear;
    }

    take(event) {
      if (!isComm(event.data)) {
        this.hear?.(event);
        return;
      }
      line.sent++;
      line.times.push(Date.parse(headerOf(event.data).date));
      if (line.mode === "whole") this.hear?.(event);
      else if (line.mode === "cut") line.lost++;
      else {
        if (roll() < 0.7) line.lost++;
        else this.held.push(event);
        if (roll() < 0.1) this.held.push(event);
        if (this.held.length >= 20) this.release();
        clearTimeout(this.due);
        this.due = setTimeout(() => this.release(), 200);
      }
    }

    release() {
      const mixed = this.held.splice(0).map((event) => [roll(), event]);
      mixed.sort((a, b) => a[0] - b[0]);
      for (const [, event] of mixed) this.hear?.(event);
    }
  }
  window.WebSocket = FaultyWebSocket;
})();
