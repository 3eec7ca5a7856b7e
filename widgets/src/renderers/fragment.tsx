/** A place in the page for HTML that has been made harmless. */

import { useLayoutEffect, useRef } from "react";

export function Fragment({ content, className }: FragmentProps) {
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    place.current?.replaceChildren(content.cloneNode(true));
  }, [content]);
  return <div className={className} ref={place} />;
}

interface FragmentProps {
  content: DocumentFragment;
  className: string;
}
