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
  /** Every commit, of this process and of others. For `setup.subscribe(changes, …)`. */
  readonly changes: (push: (change: Change) => void) => () => void;
  member(id: string | null): Member | undefined;
  project(id: string): Project | undefined;
}

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
  const end = repository.watch((change) => topic.publish(change));
  const memberById = new Map(members.map((m) => [m.id, m]));
  const projectById = new Map(projects.map((p) => [p.id, p]));
  holder[slot] = {
    repository, members, projects,
    changes: topic.source,
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
