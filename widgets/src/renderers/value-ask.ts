/** What is asked of a value that stays in the kernel, and what is done with the answers. */

import { createContext, useContext } from "react";
import { insertCell } from "../bridge/new-cell";
import type {
  Assigned,
  AssignValue,
  BytesPart,
  Copied,
  CopyValue,
  FetchValue,
  FilePart,
  LoadImage,
  OpenBranch,
  ReadOn,
  TextPart,
  TurnPage,
  ValuePlace,
  WireBranch,
  WireBundle,
  WirePage,
} from "../protocol/messages";

type Asked<Request> = Request extends unknown
  ? Omit<Request, "client" | "rid" | "of">
  : never;

/** A question, without the value it is about. */
export type Question = Asked<
  TurnPage | CopyValue | FetchValue | AssignValue | ReadOn | OpenBranch | LoadImage
>;

export interface ValueAsk {
  ask(question: Question & { of: ValuePlace }): Promise<unknown>;
  /** The widget's model, through which the notebook is reached. */
  model: unknown;
}

export const ValueAsking = createContext<ValueAsk | undefined>(undefined);

/** The way to ask about one value, or about all of a firing; none where nobody answers. */
export function useValue(of: ValuePlace): Value | undefined {
  const asking = useContext(ValueAsking);
  return asking && new Value(asking, of);
}

export class Value {
  constructor(
    private readonly asking: ValueAsk,
    private readonly of: ValuePlace,
  ) {}

  private ask = (question: Question) => this.asking.ask({ ...question, of: this.of });

  page = async (asked: Omit<Asked<TurnPage>, "op">): Promise<WirePage> =>
    (await this.ask({ op: "page", ...asked })) as WirePage;

  readOn = async (start: number): Promise<TextPart> =>
    (await this.ask({ op: "read_on", start })) as TextPart;

  branch = async (path: number[], start: number): Promise<WireBranch> =>
    (await this.ask({ op: "branch", path, start })) as WireBranch;

  bytes = async (start: number): Promise<BytesPart> =>
    (await this.ask({ op: "read_on", start })) as BytesPart;

  /** The picture at the address that it is: the kernel fetches it. */
  image = async (): Promise<WireBundle> =>
    (await this.ask({ op: "load_image" })) as WireBundle;

  text = async (): Promise<string> => ((await this.ask({ op: "copy" })) as Copied).text;

  /** Gives it a name, this one or a free one, and says which. */
  assign = async (name = ""): Promise<Assigned> =>
    (await this.ask({ op: "assign", name })) as Assigned;

  /** Opens it in a new cell; where there can be none, the text for one is returned. */
  openInCell = async (): Promise<{ name: string; left: string }> => {
    const { name, code } = await this.assign();
    return { name, left: insertCell(this.asking.model, code) ? "" : code };
  };

  /** Fetches it as a file, part by part, and hands it to the browser. */
  download = async (tell: (done: number) => void): Promise<string> => {
    const parts: BlobPart[] = [];
    let file: FilePart;
    do {
      file = (await this.ask({ op: "fetch", part: parts.length })) as FilePart;
      parts.push(bytesOf(file.data));
      if (file.parts > 1) tell(parts.length / file.parts);
    } while (parts.length < file.parts);
    offer(new Blob(parts, { type: "application/octet-stream" }), file.filename);
    return file.filename;
  };
}

function bytesOf(base64: string): ArrayBuffer {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) bytes[at] = text.charCodeAt(at);
  return bytes.buffer;
}

/** As a download whatever it is: a page of a stranger is not opened in ours. */
function offer(blob: Blob, filename: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = filename;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
