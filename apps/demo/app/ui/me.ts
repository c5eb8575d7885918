// Who acts in this tab. There is no sign-in here: the picker in the sidebar says who you are.
import { createContext, type ReadonlySignal, type Setup, type Signal } from "@vango/core";

export const defaultMember = "mara";

export const Me = createContext<ReadonlySignal<string>>({ get: () => defaultMember, peek: () => defaultMember }, "me");

/** Kept for the tab: whoever you were before a restart, you still are. */
export const useMe = (setup: Setup): Signal<string> => setup.sharedSignal("me", defaultMember, { name: "me" });
