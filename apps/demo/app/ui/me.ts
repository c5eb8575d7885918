// Who acts in this tab. There is no sign-in here: the picker in the sidebar says who you are.
import { createContext, type ReadonlySignal } from "@vango/core";

export const defaultMember = "mara";

export const Me = createContext<ReadonlySignal<string>>({ get: () => defaultMember, peek: () => defaultMember }, "me");
