// The project of the last issue that was made in this tab: the next one most often belongs there too.
import { sessionKey } from "@vango/core";

export const lastProject = sessionKey("last-project", { default: "" });
