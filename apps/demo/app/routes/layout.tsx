// The root layout: the shell around every page, who acts in this tab, and a boundary that keeps the navigation alive when a page fails.
import { Boundary, component, type View } from "@vango/core";
import { Me, useMe } from "../ui/me.js";
import { PageFailed } from "../ui/page-failed.js";
import { Shell } from "../ui/shell.js";
import { Sprite } from "../ui/sprite.js";

export const head = (): View => (
  <>
    <meta name="color-scheme" content="light dark" />
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/cairn.css" />
    <script src="/cairn.js" defer></script>
  </>
);

export const layout = component<{ children?: View }>((setup, props) => {
  const me = useMe(setup);
  setup.provide(Me, me);
  return () => (
    <>
      {Sprite()}
      <Shell me={me}>
        <Boundary fallback={(error, reset) => <PageFailed error={error} reset={reset} />}>{props.get().children}</Boundary>
      </Shell>
    </>
  );
});
