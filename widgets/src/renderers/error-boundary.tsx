/** Shows something else when a view breaks, until it is given other data. */

import { Component, type ReactNode } from "react";

interface BoundaryProps {
  /** The boundary tries again when this changes. */
  of: unknown;
  instead: ReactNode;
  children: ReactNode;
}

interface BoundaryState {
  of: unknown;
  isBroken: boolean;
}

export class ErrorBoundary extends Component<BoundaryProps, BoundaryState> {
  override state: BoundaryState = { of: this.props.of, isBroken: false };

  static getDerivedStateFromError(): Partial<BoundaryState> {
    return { isBroken: true };
  }

  static getDerivedStateFromProps(
    props: BoundaryProps,
    state: BoundaryState,
  ): Partial<BoundaryState> | null {
    return props.of === state.of ? null : { of: props.of, isBroken: false };
  }

  override render(): ReactNode {
    return this.state.isBroken ? this.props.instead : this.props.children;
  }
}
