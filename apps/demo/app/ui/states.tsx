// The three states every page has besides its content: loading, empty, failed.
import { each, type View } from "@vango/core";
import { explain } from "./explain.js";
import { Icon, type IconName } from "./sprite.js";

export function Loading(props: { label: string; rows?: number }): View {
  const rows = Array.from({ length: props.rows ?? 4 }, (_, i) => i);
  return <div class="skeleton" role="status" aria-label={props.label}>{each(rows, (i) => i, (i) => <span class="skeleton-line" style={`--w:${90 - ((i * 17) % 45)}%`} />)}</div>;
}

export function Empty(props: { icon: IconName; title: string; children?: View }): View {
  return (
    <div class="empty" data-testid="empty">
      <Icon name={props.icon} />
      <h2>{props.title}</h2>
      <p>{props.children}</p>
    </div>
  );
}

export function Failed(props: { what: string; error: unknown; retry: () => void }): View {
  return (
    <div class="empty failed" role="alert" data-testid="failed">
      <Icon name="warning" />
      <h2>{props.what}</h2>
      <p>{explain(props.error, "The store did not answer.")}</p>
      <button type="button" class="button" onClick={() => props.retry()}>Try again</button>
    </div>
  );
}
