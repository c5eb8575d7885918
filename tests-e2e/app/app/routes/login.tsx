import { component } from "@vango/core";

export const page = component(() => () => <h1>Please log in</h1>);
