/** Parts of libraries that bring no types. */

declare module "katex/contrib/auto-render" {
  interface Options extends Record<string, unknown> {
    errorCallback(said: string, error: unknown): void;
  }
  // biome-ignore lint/style/noDefaultExport: that is what the library has
  export default function renderMathInElement(
    place: HTMLElement,
    options: Options,
  ): void;
}

declare module "pdfjs-dist/legacy/build/pdf.worker.mjs" {
  export const WorkerMessageHandler: unknown;
}
