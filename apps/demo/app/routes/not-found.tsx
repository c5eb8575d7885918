// The page of an address that leads nowhere.
import { component, Link, type View } from "@vango/core";
import { Empty } from "../ui/states.js";

export const head = (): View => <title>Not found · Cairn</title>;

export const page = component(() => () => (
  <div class="page">
    <Empty icon="search" title="Nothing here">
      There is no page at this address. <Link href="/issues">Look through the issues</Link> or <Link href="/">go to the overview</Link>.
    </Empty>
  </div>
), { name: "NotFound" });
