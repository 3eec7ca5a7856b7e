/** A file: its path in the kernel, or one that is brought there; a folder of the workspace. */

import { FolderOpen, Upload } from "lucide-react";
import { useRef } from "react";
import type { ControlProps, ShapeOf } from "./control";
import { useOffer } from "./desk";
import { TextControl, Why } from "./text";
import { useUpload } from "./upload";

export function FileControl(props: ControlProps<ShapeOf<"file">>) {
  const { shape, isDisabled, isCompact } = props;
  const picker = useRef<HTMLInputElement>(null);
  const upload = useUpload(!shape.isFolder && !isDisabled, props.commit);
  const [folders] = useOffer((it) => it.folders(), shape.isFolder && !isDisabled);
  const { isPossible, share, percent } = upload;
  const hint = shape.isFolder ? "a folder of the workspace" : "path of a file";
  return (
    <span
      className="ab-field-file"
      data-over={upload.isOver || undefined}
      {...upload.drop}
    >
      <span className="ab-field-file-line">
        <TextControl
          {...props}
          shape={{ kind: "text", ...(folders ? { suggestions: folders } : {}) }}
          placeholder={props.placeholder || hint}
        />
        {isPossible && (
          <button
            type="button"
            className="ab-field-file-button"
            disabled={share !== undefined}
            title="Bring a file from this computer to the kernel"
            aria-label={`Choose a file for ${props.label}`}
            onClick={() => picker.current?.click()}
          >
            {isCompact ? (
              <FolderOpen size={12} aria-hidden />
            ) : (
              <>
                <Upload size={12} aria-hidden /> Upload
              </>
            )}
          </button>
        )}
      </span>
      <Progress label={props.label} share={share} percent={percent} />
      {isPossible && (
        <input
          ref={picker}
          type="file"
          hidden
          accept={shape.accept || undefined}
          aria-label={`${props.label}, file`}
          tabIndex={-1}
          onChange={(event) => {
            void upload.bring(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      )}
      <Why text={upload.why} />
    </span>
  );
}

interface ProgressProps {
  label: string;
  share: number | undefined;
  percent: number;
}

export function Progress({ label, share, percent }: ProgressProps) {
  if (share === undefined) return null;
  return (
    <progress
      className="ab-field-file-progress"
      max={100}
      value={percent}
      aria-label={`${label}: ${percent} % arrived`}
    />
  );
}
