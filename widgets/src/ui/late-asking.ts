/** The line over which late code comes to a view; none where there is no kernel. */

import { createContext } from "react";
import type { AskLate } from "./late-code";

export const LateAsking = createContext<AskLate | undefined>(undefined);
