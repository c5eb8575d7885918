// The vocabulary of the seed: enough combinations for thousands of titles that read as if people had written them.

export interface Vocabulary {
  readonly parts: readonly string[];
  readonly things: readonly string[];
}

export const vocabulary: Readonly<Record<string, Vocabulary>> = {
  WEB: {
    parts: ["Invoice editor", "Sign-in form", "Saved views", "Command palette", "Billing settings", "Team switcher", "Notification inbox",
      "Date picker", "CSV export", "Onboarding checklist", "Report builder", "Search results", "Comment box", "Attachment preview", "Sidebar"],
    things: ["keyboard shortcuts", "an empty state", "undo", "inline validation", "column resizing", "bulk actions", "a dark theme", "copy as link",
      "sticky headers", "relative dates", "drag handles", "a print stylesheet"],
  },
  API: {
    parts: ["Webhook delivery", "Import job", "Rate limiter", "Invoice endpoint", "Search endpoint", "OAuth consent", "Audit log", "Usage metering",
      "Export job", "Pagination cursor", "Idempotency keys", "Tax calculation", "API tokens", "Batch endpoint", "Schema registry"],
    things: ["retry with backoff", "signed payloads", "partial responses", "a dry-run mode", "cursor paging", "request ids", "field-level permissions",
      "a sandbox", "ETags", "per-token limits", "deprecation headers", "structured errors"],
  },
  MOB: {
    parts: ["Offline queue", "Push notifications", "Camera upload", "Biometric unlock", "Home widget", "Share sheet", "Sync engine", "Deep links",
      "Pull to refresh", "Receipt scanner", "Tablet layout", "Background refresh", "Haptics", "Login screen", "Attachment viewer"],
    things: ["swipe actions", "a landscape layout", "dynamic type", "a share extension", "conflict resolution", "a low-data mode", "app shortcuts",
      "voice-over labels", "crash breadcrumbs", "an in-app update prompt", "image compression", "quiet hours"],
  },
  OPS: {
    parts: ["Deploy pipeline", "Postgres failover", "Log retention", "Build cache", "Staging cluster", "Backup job", "Certificate renewal", "Alert routing",
      "Cost report", "Feature flags", "Load balancer", "Secrets rotation", "Metrics exporter", "Queue workers", "Status page"],
    things: ["a canary stage", "automatic rollback", "a runbook", "per-team budgets", "read replicas", "structured logs", "a chaos drill", "tracing",
      "a smoke test", "spot instances", "a maintenance page", "connection pooling"],
  },
};

export const faults: readonly string[] = ["fails silently", "shows stale data", "takes over ten seconds", "loses the last change", "returns a 500",
  "shows the wrong total", "flickers", "duplicates entries", "ignores the time zone", "times out", "drops special characters", "uses too much memory"];

export const conditions: readonly string[] = ["after a deploy", "for workspaces with more than 500 members", "on slow connections", "when two people edit at once",
  "in Safari", "after switching teams", "with an expired token", "at month end", "when the list is empty", "for invited guests", "right after sign-in",
  "during daylight saving changes", "with right-to-left names", "when retried"];

export const chores: readonly string[] = ["Remove the old", "Write tests for the", "Document the", "Split up the", "Upgrade dependencies of the",
  "Measure the", "Simplify the", "Review permissions of the"];

export const labelNames: readonly string[] = ["bug", "feature", "chore", "performance", "security", "accessibility", "design", "docs", "customer", "tech debt"];

export const symptoms: readonly string[] = ["Three customers reported this in the last two weeks.", "Seen twice in staging, once in production.",
  "Support has a macro for it by now, which says enough.", "Reproducible on every attempt with the steps below.", "It started with the release before last.",
  "We noticed it while looking at something else.", "The dashboard shows a clear step on the day it began."];

export const causes: readonly string[] = ["My guess is the cache: the key leaves out the workspace.", "The query has no index for this order.",
  "We retry, but the second attempt does not carry the idempotency key.", "The component keeps its own copy of the value.",
  "The limit was chosen when the largest customer had forty seats.", "Nobody owns this part since the reorganisation.",
  "The library we use has fixed it upstream, we are two majors behind."];

export const wishes: readonly string[] = ["Done when the numbers on the dashboard agree with the export.", "Done when it works with the keyboard alone.",
  "Done when there is a test that fails without the fix.", "Keep it small: no new settings.", "Please talk to support before closing this.",
  "A note in the changelog would be good.", "Behind a flag first, then for everyone after a week."];

export const remarks: readonly string[] = ["I can reproduce this. Taking it.", "Same thing happened to me yesterday, on the staging cluster.",
  "Let's keep the scope to the first case and open a follow-up for the rest.", "Is this still relevant after the last release?",
  "Pushed a first version, needs another pair of eyes on the error handling.", "I talked to the customer, they are fine with waiting until next week.",
  "The trace shows 1.4 s in one query. Adding an index brings it down to 12 ms.", "Moved this up, it blocks the release.",
  "Could we get a design for the empty state?", "Verified on Android 15 and iOS 19.", "This needs a migration. I'd rather not ship it on a Friday.",
  "Reverted for now: the canary showed a higher error rate.", "Good catch. The fallback was never covered by a test.", "Looks good to me, ship it.",
  "I added the steps to reproduce to the description.", "Not sure this is worth it; three people use that path.", "Closing the loop: fixed and deployed."];
