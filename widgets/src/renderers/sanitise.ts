/** HTML from anywhere, made harmless: no scripts, no handlers, no requests. */

import DOMPurify, { type Config } from "dompurify";

const FORMATTING = [
  ..."p br hr div span b i em strong u s sub sup small mark blockquote q".split(" "),
  ..."ul ol li dl dt dd h1 h2 h3 h4 h5 h6 pre code kbd samp abbr".split(" "),
  ..."table caption colgroup col thead tbody tfoot tr th td details summary".split(" "),
];
const LAYOUT = ["colspan", "rowspan", "align", "start"];

/** What a table or a formatted text needs, and nothing that loads or looks different. */
export function plainHtml(html: string): DocumentFragment {
  return cleaned(html, { ALLOWED_TAGS: FORMATTING, ALLOWED_ATTR: LAYOUT });
}
/** As `plainHtml`, with links, which open in a tab of their own, and inline images. */
export function richHtml(html: string): DocumentFragment {
  const fragment = cleaned(html, {
    ALLOWED_TAGS: [...FORMATTING, "a", "img", "del", "input"],
    ALLOWED_ATTR: [...LAYOUT, "href", "src", "alt", "title", "type", "checked"],
    ALLOWED_URI_REGEXP: /^(?:https?:|mailto:|data:image\/(?:png|jpeg|gif|webp);)/i,
  });
  for (const link of fragment.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  for (const image of fragment.querySelectorAll("img")) {
    if (!image.src.startsWith("data:")) image.replaceWith(image.alt || image.src);
  }
  for (const box of fragment.querySelectorAll("input")) {
    if (box.type !== "checkbox") box.remove();
    box.disabled = true;
  }
  return fragment;
}

function cleaned(html: string, config: Config): DocumentFragment {
  if (!DOMPurify.isSupported) return new DocumentFragment();
  return DOMPurify.sanitize(html, {
    ...config,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
