/**
 * A table or an image: a file of the workspace, one that is brought, or, for a run, a
 * variable of the notebook. The value only says which; the kernel reads the thing itself
 * when it is needed.
 */

import { FolderOpen, Upload, X } from "lucide-react";
import { useContext, useEffect, useRef, useState } from "react";
import { type ControlProps, ForRun, type ShapeOf } from "./control";
import { useOffer } from "./desk";
import { Progress } from "./file";
import { TextControl, Why } from "./text";
import { uploadOf, useUpload } from "./upload";
import { isRecord } from "./values";

const ACCEPT: Readonly<Record<string, string>> = {
  table: ".csv,.tsv,.parquet,.xlsx,.jsonl",
  image: "image/*",
};

/** What a form can bring: everything else comes over a link, or from Python. */
export function canBring(what: string): boolean {
  return what in ACCEPT;
}

export function BroughtControl(props: ControlProps<ShapeOf<"linked">>) {
  const { value, isDisabled, isCompact, label } = props;
  const { what } = props.shape;
  const isForRun = useContext(ForRun);
  const picker = useRef<HTMLInputElement>(null);
  const [picture, setPicture] = usePicture();
  const [isNear, setNear] = useState(false);
  const upload = useUpload(!isDisabled, (path, file) => {
    setPicture(what === "image" ? file : undefined);
    props.commit({ $upload: uploadOf(path) });
  });
  // A canvas has many: only where somebody is about to choose is the workspace looked at.
  const [paths] = useOffer((it) => it.files(what), isNear && !isDisabled);
  const held = isRecord(value) ? value : {};
  const brought = typeof held.$upload === "string" ? held.$upload : "";
  const path = typeof held.$file === "string" ? held.$file : "";
  const clear = () => {
    setPicture(undefined);
    props.clear();
  };
  return (
    <fieldset
      className="ab-field-brought"
      aria-label={label}
      aria-describedby={props.describedBy}
      data-over={upload.isOver || undefined}
      {...upload.drop}
      onPaste={upload.onPaste}
      onFocus={() => setNear(true)}
    >
      {brought !== "" && (
        <span className="ab-field-brought-file">
          {picture && <img className="ab-field-brought-picture" src={picture} alt="" />}
          <span className="ab-clip" title={`Uploaded: ${brought}`}>
            {brought.split("/").at(-1)}
          </span>
          <button
            type="button"
            className="ab-mini"
            title="Take it away"
            aria-label={`Take away ${label}`}
            disabled={isDisabled}
            onClick={clear}
          >
            <X size={12} aria-hidden />
          </button>
        </span>
      )}
      <span className="ab-field-file-line" hidden={isCompact && brought !== ""}>
        <TextControl
          {...props}
          shape={{ kind: "text", ...(paths ? { suggestions: paths } : {}) }}
          label={`${label}, path of a file`}
          value={path}
          isSet={path !== ""}
          placeholder={isCompact ? "link, or path" : "path in the workspace"}
          isOneLine
          commit={(it) => {
            setPicture(undefined);
            props.commit({ $file: it });
          }}
          clear={() => path !== "" && clear()}
        />
        <button
          type="button"
          className="ab-field-file-button"
          disabled={!upload.isPossible || upload.share !== undefined}
          title={`Bring ${WHAT[what]} to the kernel`}
          aria-label={`Choose a file for ${label}`}
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
      </span>
      {isForRun && <VariableChoice {...props} forget={() => setPicture(undefined)} />}
      {!isCompact && (
        <span className="ab-field-brought-hint">
          {what === "image"
            ? "or drop or paste one here"
            : "CSV, Parquet or Excel; or drop it here"}
        </span>
      )}
      <Progress label={label} share={upload.share} percent={upload.percent} />
      <input
        ref={picker}
        type="file"
        hidden
        accept={ACCEPT[what]}
        aria-label={`${label}, file`}
        tabIndex={-1}
        onChange={(event) => {
          void upload.bring(event.target.files?.[0]);
          event.target.value = "";
        }}
      />
      <Why text={upload.why} />
    </fieldset>
  );
}

const WHAT: Readonly<Record<string, string>> = {
  table: "a CSV, Parquet or Excel file",
  image: "an image (or drop or paste it here)",
};

type VariableProps = ControlProps<ShapeOf<"linked">> & { forget(): void };

/** A run may be given what no document can hold. */
function VariableChoice(props: VariableProps) {
  const { value, label, isDisabled } = props;
  const { what } = props.shape;
  const [names = []] = useOffer((it) => it.variables(what));
  const held = isRecord(value) ? value.$variable : undefined;
  const variable = typeof held === "string" ? held : "";
  const offered = variable && !names.includes(variable) ? [variable, ...names] : names;
  return (
    <select
      className={`ab-field-input ab-field-select ${variable ? "" : "ab-faint"}`}
      value={variable}
      disabled={isDisabled}
      aria-label={`${label}, variable of the notebook`}
      onChange={({ target }) => {
        props.forget();
        if (target.value === "") props.clear();
        else props.commit({ $variable: target.value });
      }}
    >
      <option value="">
        {offered.length > 0
          ? "or a variable of the notebook"
          : `no variable is ${what === "image" ? "an image" : "a table"}`}
      </option>
      {offered.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** The address of a picture that was just brought; the kernel is not asked for it again. */
function usePicture(): [string | undefined, (file: File | undefined) => void] {
  const [address, setAddress] = useState<string>();
  useEffect(() => {
    if (address) return () => URL.revokeObjectURL(address);
  }, [address]);
  return [address, (file) => setAddress(file && URL.createObjectURL(file))];
}
