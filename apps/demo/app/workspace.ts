// What the pages of one process share: the repository, the people and projects (read once, nobody edits them here) and the
// change topic, which is subscribed to the store once however many sessions listen. Opened before the app listens.
import { openRepository, type OpenOptions } from "./data/open.js";
import type { Member, Project } from "./data/records.js";
import type { Change, Repository } from "./data/repository.js";
import { Topic } from "./data/topic.js";

export interface Workspace {
  readonly repository: Repository;
  readonly members: readonly Member[];
  readonly projects: readonly Project[];
  /** The newest commit this process has heard of. */
  version(): number;
  /** Every commit above `since`, of this process and of others: those of the near past at once, then as they come. */
  follow(since: number, push: (change: Change) => void): () => void;
  member(id: string | null): Member | undefined;
  project(id: string): Project | undefined;
}

/** Commits kept for pages that join a moment after they were rendered. */
const remembered = 300;

// One per process, also when a dev server loads this module again.
const slot = Symbol.for("cairn.workspace");
type Holder = { [slot]?: Workspace & { close(): Promise<void> } };
const holder = globalThis as Holder;

export interface OpenedWorkspace {
  readonly label: string;
  readonly seeded: boolean;
}

export async function openWorkspace(options: OpenOptions): Promise<OpenedWorkspace> {
  await closeWorkspace();
  const { repository, seeded } = await openRepository(options);
  const [members, projects] = await Promise.all([repository.members(), repository.projects()]);
  const topic = new Topic<Change>(options.onError ?? (() => undefined));
  const recent: Change[] = [];
  const end = repository.watch((change) => {
    recent.push(change);
    if (recent.length > remembered) recent.shift();
    topic.publish(change);
  });
  const memberById = new Map(members.map((m) => [m.id, m]));
  const projectById = new Map(projects.map((p) => [p.id, p]));
  holder[slot] = {
    repository, members, projects,
    version: () => recent.at(-1)?.version ?? 0,
    follow: (since, push) => {
      for (const change of recent) if (change.version > since) push(change);
      return topic.source(push);
    },
    member: (id) => (id === null ? undefined : memberById.get(id)),
    project: (id) => projectById.get(id),
    close: async () => {
      end();
      await repository.close();
    },
  };
  return { label: repository.label, seeded };
}

export async function closeWorkspace(): Promise<void> {
  const open = holder[slot];
  delete holder[slot];
  await open?.close();
}

export function workspace(): Workspace {
  const open = holder[slot];
  if (open === undefined) throw new Error("The workspace is not open: openWorkspace() comes before the app listens.");
  return open;
}
