/** Buttons: with words, or with an icon alone and the words as its name. */

import type { ButtonHTMLAttributes } from "react";
import { Icon, type IconName } from "./icon";

interface Props extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, "title"> {
  icon?: IconName;
  label: string;
  /** Shows the icon alone; the label becomes the name and the tooltip. */
  isIconOnly?: boolean;
  look?: "quiet" | "plain" | "primary" | "danger";
  hint?: string;
}

export function Button(props: Props) {
  const { icon, label, isIconOnly, look = "quiet", hint, className, ...rest } = props;
  const classes = ["ab-button", `ab-button-${look}`];
  if (isIconOnly) classes.push("ab-button-icon");
  if (className) classes.push(className);
  return (
    <button
      type="button"
      className={classes.join(" ")}
      aria-label={isIconOnly ? label : undefined}
      title={hint ?? (isIconOnly ? label : undefined)}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {!isIconOnly && <span>{label}</span>}
    </button>
  );
}
