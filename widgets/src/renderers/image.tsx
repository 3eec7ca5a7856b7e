/** Images, always as images: a drawing in SVG runs no script that way. */

import { useState } from "react";
import { type MimeView, type MimeViewProps, textOf } from "./mime-view";

const BITMAPS = /^image\/(png|jpeg|gif|webp|bmp|avif)$/;
const BASE64 = /^[A-Za-z0-9+/=\s]+$/;

/** The address of an image's data, or undefined when it is none. */
export function imageSource(mime: string, data: unknown): string | undefined {
  const text = textOf(data).trim();
  if (text === "") return undefined;
  if (mime === "image/svg+xml") {
    return `data:image/svg+xml;charset=utf-8,${encodeURIComponent(withNamespace(text))}`;
  }
  if (!BITMAPS.test(mime) || !BASE64.test(text)) return undefined;
  return `data:${mime};base64,${text.replace(/\s+/g, "")}`;
}

/** A drawing taken from a page may lack what an image of its own must have. */
function withNamespace(svg: string): string {
  if (/<svg[^>]*\sxmlns\s*=/i.test(svg)) return svg;
  return svg.replace(/<svg\b/i, '<svg xmlns="http://www.w3.org/2000/svg"');
}

function ImageView({ mime, data }: MimeViewProps) {
  const [isBroken, setBroken] = useState(false);
  const source = imageSource(mime, data);
  if (source === undefined || isBroken) {
    return <p className="ab-bundle-none">This image cannot be read.</p>;
  }
  return (
    <img
      className="ab-bundle-image"
      src={source}
      alt={mime === "image/svg+xml" ? "Drawing" : "Image"}
      onError={() => setBroken(true)}
    />
  );
}

export const image: MimeView = {
  name: "Image",
  shows: (mime) => mime === "image/svg+xml" || BITMAPS.test(mime),
  View: ImageView,
};
