// What stands in place of a page that threw: the reason in plain words and a way on.
import { Link, type VangoError, type View } from "@vango/core";
import { Icon } from "./sprite.js";

export function PageFailed(props: { error: VangoError; reset: () => void }): View {
  return (
    <div class="page">
      <div class="empty failed" role="alert" data-testid="page-failed">
        <Icon name="warning" />
        <h1>This page failed</h1>
        <p>{props.error.message} <code>{props.error.code}</code></p>
        <p class="row">
          <button type="button" class="button primary" onClick={() => props.reset()}>Try again</button>
          <Link href="/" class="button">Back to the overview</Link>
        </p>
      </div>
    </div>
  );
}
