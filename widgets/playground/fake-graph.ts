/** The graph of the playground: judges edits and carries them out, as the kernel would. */

import { freeId, linkKey } from "../src/graph/names";
import { whyNotLink } from "../src/graph/types";
import type { Edit, WireLink, WireNode, WirePort } from "../src/protocol/messages";
import { BLOCKS, type FakeBlock, port } from "./fake-blocks";

export class FakeGraph {
  readonly nodes = new Map<string, WireNode>();
  links: WireLink[] = [];
  name = "Brief writer";

  block(id: string): FakeBlock | undefined {
    return BLOCKS.find((block) => block.id === id);
  }

  /** Carries out edits, all or none. */
  apply(...edits: Edit[]): void {
    const nodes = new Map(this.nodes);
    const links = this.links;
    try {
      for (const edit of edits) this.carryOut(edit);
    } catch (error) {
      this.nodes.clear();
      for (const [id, node] of nodes) this.nodes.set(id, node);
      this.links = links;
      throw error;
    }
  }

  inputs(): WirePort[] {
    return [...this.nodes.values()]
      .filter((node) => node.role === "input")
      .map((node) => port(String(node.constants.name ?? "topic"), "text"));
  }

  problems() {
    const fed = new Set(this.links.map(({ target, input }) => `${target} ${input}`));
    return [...this.nodes.values()].flatMap((node) => {
      const missing = node.inputs.filter(
        ({ name, required }) =>
          required && !(name in node.constants) && !fed.has(`${node.id} ${name}`),
      );
      const level = "error" as const;
      const unknown = node.problem
        ? [
            {
              node: node.id,
              port: "",
              message: node.problem,
              level,
              link: "",
              is_missing: false,
            },
          ]
        : [];
      return unknown.concat(
        missing.map(({ name }) => ({
          node: node.id,
          port: name,
          message: "needs a link or a value.",
          level,
          link: "",
          is_missing: true,
        })),
      );
    });
  }

  private node(id: string): WireNode {
    const node = this.nodes.get(id);
    if (!node) throw new Error(`There is no node “${id}”.`);
    return node;
  }

  private change(id: string, part: Partial<WireNode>): void {
    const node = { ...this.node(id), ...part };
    const block = this.block(node.block);
    this.nodes.set(id, {
      ...node,
      title: node.own_title || block?.title || node.block,
      inputs: block?.inputs(node.constants) ?? [],
    });
  }

  private carryOut(edit: Edit): void {
    switch (edit.edit) {
      case "add_node":
        this.add(edit);
        break;
      case "remove_node":
        this.node(edit.id);
        this.nodes.delete(edit.id);
        this.links = this.links.filter(
          (x) => x.source !== edit.id && x.target !== edit.id,
        );
        break;
      case "move_node": {
        const [x, y] = edit.position ?? [0, 0];
        this.change(edit.id, { x, y });
        break;
      }
      case "set_constant": {
        const { constants } = this.node(edit.id);
        this.change(edit.id, { constants: { ...constants, [edit.port]: edit.value } });
        break;
      }
      case "clear_constant": {
        const { [edit.port]: _, ...constants } = this.node(edit.id).constants;
        this.change(edit.id, { constants });
        break;
      }
      case "set_title":
        this.change(edit.id, { own_title: edit.title });
        break;
      case "set_option": {
        const { options } = this.node(edit.id);
        const { [edit.option]: _old, ...rest } = options;
        const value = edit.value === null ? {} : { [edit.option]: edit.value };
        this.change(edit.id, { options: { ...rest, ...value } });
        break;
      }
      case "set_colour":
        this.change(edit.id, { colour: edit.colour });
        break;
      case "add_link":
        this.link(edit);
        break;
      case "remove_link":
        this.links = this.links.filter((link) => linkKey(link) !== linkKey(edit));
        break;
      case "rename":
        this.name = edit.name;
    }
  }

  private add(edit: Extract<Edit, { edit: "add_node" }>): void {
    const block = this.block(edit.block);
    const id = edit.id ?? freeId(edit.block, (taken) => this.nodes.has(taken));
    const [x, y] = edit.position ?? [0, 0];
    const problem = block ? "" : `The block “${edit.block}” is unknown here.`;
    const { constants = {}, options = {}, title = "" } = edit;
    this.nodes.set(id, {
      id,
      block: edit.block,
      title,
      own_title: title,
      role: block?.role ?? "work",
      help: block?.help ?? "",
      inputs: [],
      outputs: block?.outputs ?? [],
      constants,
      options,
      colour: edit.colour ?? "",
      x,
      y,
      problem,
    });
    this.change(id, {});
  }

  private link(edit: Extract<Edit, { edit: "add_link" }>): void {
    const source = this.node(edit.source).outputs.find((x) => x.name === edit.output);
    const target = this.node(edit.target).inputs.find((x) => x.name === edit.input);
    const isKnown = this.links.some((link) => linkKey(link) === linkKey(edit));
    if (isKnown) throw new Error("They are linked already.");
    const reason =
      source && target ? whyNotLink(source, target) : "There is no such port.";
    const isUnknown = this.node(edit.source).problem || this.node(edit.target).problem;
    if (reason && !isUnknown) throw new Error(`They may not be linked: ${reason}`);
    const sticky = edit.sticky || !!this.block(this.node(edit.source).block)?.isSticky;
    const { source: from, output, target: to, input } = edit;
    const types = source?.types ?? ["any"];
    this.links = [
      ...this.links,
      { source: from, output, target: to, input, sticky, types },
    ];
  }
}
