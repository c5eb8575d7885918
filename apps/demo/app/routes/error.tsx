// The page of a request that failed before a page could be shown.
import { component, Link, type View } from "@vango/core";
import { Empty } from "../ui/states.js";

export const head = (): View => <title>Something went wrong · Cairn</title>;

export const page = component(() => () => (
  <div class="page">
    <Empty icon="warning" title="Something went wrong">
      The page could not be shown. Reload it, or <Link href="/">go to the overview</Link>.
    </Empty>
  </div>
), { name: "ErrorPage" });
