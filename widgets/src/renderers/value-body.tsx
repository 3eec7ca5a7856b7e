/** A value as it should look: in pages where it is large, else its bundle. */

import { useState } from "react";
import { reasonOf } from "../bridge/asking";
import type { InspectedValue, WireBundle } from "../protocol/messages";
import { BundleView } from "./bundle-view";
import { HexView } from "./hex-view";
import { textOf } from "./mime-view";
import { PagedTable } from "./paged-table";
import { PagedTree } from "./paged-tree";
import type { Value } from "./value-ask";
import "./values.css";

interface BodyProps {
  shown: InspectedValue;
  value: Value | undefined;
  model: unknown;
}

export function ValueBody({ shown, value, model }: BodyProps) {
  if (value && shown.page) {
    const key = JSON.stringify(shown.page);
    return <PagedTable key={key} first={shown.page} value={value} />;
  }
  if (value && shown.length > 0) {
    return <LongText key={shown.length} shown={shown} value={value} />;
  }
  if (value && shown.branch) {
    const key = JSON.stringify(shown.branch);
    return <PagedTree key={key} root={shown.branch} value={value} />;
  }
  if (value && shown.raw) {
    return <HexView key={shown.raw.data} first={shown.raw} value={value} />;
  }
  if (value && shown.loads_image) {
    return <WebImage shown={shown} value={value} model={model} />;
  }
  return <BundleView bundle={shown.bundle} model={model} />;
}

interface WebImageProps extends BodyProps {
  value: Value;
}

/** The address of a picture: it is fetched when its reader says so, by the kernel. */
function WebImage({ shown, value, model }: WebImageProps) {
  const [image, setImage] = useState<WireBundle>();
  const [isBusy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const load = async () => {
    setBusy(true);
    try {
      setImage(await value.image());
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <BundleView bundle={shown.bundle} model={model} />
      {fault !== "" && <p className="ab-table-fault">{fault}</p>}
      {image ? (
        <BundleView bundle={image} model={model} />
      ) : (
        <button
          type="button"
          className="ab-text-button"
          title="The kernel fetches it, within the rules of its network"
          disabled={isBusy}
          onClick={load}
        >
          {isBusy ? "Loading…" : "Load image"}
        </button>
      )}
    </>
  );
}

function LongText({ shown, value }: { shown: InspectedValue; value: Value }) {
  const [text, setText] = useState(() => textOf(shown.bundle.data["text/plain"]));
  const [fault, setFault] = useState("");
  const left = shown.length - text.length;
  const more = async () => {
    try {
      const part = await value.readOn(text.length);
      setText((before) => before + part.text);
      setFault("");
    } catch (error) {
      setFault(reasonOf(error));
    }
  };
  return (
    <>
      <pre className="ab-bundle-text">{text}</pre>
      {fault !== "" && <p className="ab-table-fault">{fault}</p>}
      {left > 0 && (
        <button type="button" className="ab-text-button" onClick={more}>
          Read on: {left.toLocaleString("en")} more characters
        </button>
      )}
    </>
  );
}
