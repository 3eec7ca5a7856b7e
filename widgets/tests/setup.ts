/** What React Flow and the editor need of a browser and happy-dom does not have. */

import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

const SIZE = 400;

class ResizeObserverStub {
  constructor(private readonly tell: ResizeObserverCallback) {}
  observe(target: Element) {
    const rect = { width: SIZE, height: SIZE, top: 0, left: 0 } as DOMRectReadOnly;
    this.tell([{ target, contentRect: rect } as ResizeObserverEntry], this);
  }
  unobserve() {}
  disconnect() {}
}

class DOMMatrixStub {
  m22: number;
  constructor(transform?: string) {
    this.m22 = Number(/scale\(([\d.]+)\)/.exec(transform ?? "")?.[1] ?? 1);
  }
}

globalThis.ResizeObserver = ResizeObserverStub;
Object.assign(globalThis, { DOMMatrixReadOnly: DOMMatrixStub });
for (const side of ["offsetWidth", "offsetHeight"]) {
  Object.defineProperty(HTMLElement.prototype, side, { get: () => SIZE });
}
Object.assign(SVGElement.prototype, {
  getBBox: () => ({ x: 0, y: 0, width: 0, height: 0 }),
});

// What is waited for comes when it comes: a machine may have other things to do.
configure({ asyncUtilTimeout: 10_000 });
afterEach(cleanup);
// A busy machine takes its time: a wait ends when what it waits for is there.
configure({ asyncUtilTimeout: 5000 });
