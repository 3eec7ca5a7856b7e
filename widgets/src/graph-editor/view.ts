/** What every part of one view shares, and React's way to it. */

import type { ReactFlowInstance } from "@xyflow/react";
import { createContext, useContext } from "react";
import { type StoreApi, useStore } from "zustand";
import type { Actions } from "./actions";
import type { FlowLink, FlowNode } from "./flow";
import type { KernelState } from "./kernel-state";
import type { LocalState } from "./local-state";
import type { Rearranging } from "./rearranging";
import type { Session } from "./session";

export interface View {
  session: Session;
  local: StoreApi<LocalState>;
  actions: Actions;
  rearranging: Rearranging;
  /** The outermost element of the view. */
  root: HTMLElement;
  /** React Flow's hand on the canvas, once it is drawn. */
  flow: ReactFlowInstance<FlowNode, FlowLink> | null;
  /** Where the pointer is over the canvas, on the page. */
  pointer: { x: number; y: number } | null;
}

export const ViewContext = createContext<View | null>(null);

export function useView(): View {
  const view = useContext(ViewContext);
  if (!view) throw new Error("This part stands outside an editor.");
  return view;
}

/** A part of what the kernel told. */
export const useKernel = <T>(select: (state: KernelState) => T): T =>
  useStore(useView().session.kernel, select);

/** A part of what this view knows. */
export const useLocal = <T>(select: (state: LocalState) => T): T =>
  useStore(useView().local, select);

/** Gives the keyboard back to the editor when what had it goes away. */
export const takeFocus = ({ root }: View): void =>
  root.querySelector<HTMLElement>(".ab-editor")?.focus({ preventScroll: true });

/** Whether nothing can be changed: the agent is read-only, or the kernel is gone. */
export const useReadOnly = (): boolean =>
  useKernel((state) => state.about.read_only !== "" || state.phase === "lost");
