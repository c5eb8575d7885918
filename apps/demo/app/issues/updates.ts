// The one way pages change issues: shown at once in the page's own resource, written off the loop, taken back if it fails.
// What others change arrives through the workspace's topic.
import type { ReadonlySignal, Resource, Setup } from "@vango/core";
import type { Issue } from "../data/records.js";
import type { IssuePatch } from "../data/repository.js";
import { explain } from "../ui/explain.js";
import { useChanges } from "../ui/use-changes.js";
import { workspace } from "../workspace.js";
import { mergeIssues, patchLocally } from "./list-model.js";

export interface IssueUpdates {
  update(ids: readonly number[], patch: IssuePatch): void;
}

interface Request {
  readonly ids: readonly number[];
  readonly patch: IssuePatch;
  readonly actorId: string;
}

export function useIssueUpdates(
  setup: Setup, issues: Resource<readonly Issue[]>, me: ReadonlySignal<string>, accepts: (issue: Issue) => boolean,
): IssueUpdates {
  const write = setup.action((r: Request) => workspace().repository.updateIssues(r.ids, r.patch, r.actorId), {
    policy: "queue",
    queue: 64,
    onSuccess: (saved) => issues.mutate((known) => mergeIssues(known ?? [], saved, accepts)),
    onError: (error) => {
      setup.ctx.toast("error", explain(error, "The change was not saved. Please try again."));
      issues.refetch();
    },
    onRejected: () => issues.refetch(),
  });
  useChanges(setup, (change) => {
    if (change.issues.length > 0 && issues.data() !== undefined) issues.mutate((known) => mergeIssues(known ?? [], change.issues, accepts));
  });
  return {
    update(ids, patch) {
      if (ids.length === 0) return;
      issues.mutate((known) => patchLocally(known ?? [], ids, patch, Date.now()));
      write.run({ ids, patch, actorId: me.peek() });
    },
  };
}
