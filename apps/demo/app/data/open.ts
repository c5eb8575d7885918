// Chooses the store and fills it on first start: DATABASE_URL means PostgreSQL, nothing means LMDB in `.vango/`.
import { generate } from "./seed/generate.js";
import { lmdbRepository } from "./lmdb/repository.js";
import { postgresRepository } from "./postgres/repository.js";
import type { Progress, Repository } from "./repository.js";

export interface OpenOptions {
  readonly databaseUrl?: string | undefined;
  /** The folder of the embedded store. */
  readonly path: string;
  readonly label?: string;
  /** Empty the store first. */
  readonly reseed?: boolean;
  readonly progress?: Progress;
  readonly onError?: (error: unknown) => void;
}

export interface Opened {
  readonly repository: Repository;
  readonly seeded: boolean;
}

export async function openRepository(o: OpenOptions): Promise<Opened> {
  const onError = o.onError ?? (() => undefined);
  const repository = o.databaseUrl === undefined || o.databaseUrl === ""
    ? lmdbRepository({ path: o.path, onError, ...(o.label === undefined ? {} : { label: o.label }) })
    : await postgresRepository({ url: o.databaseUrl, onError });
  const seeded = await repository.seed(() => generate(), {
    force: o.reseed === true,
    ...(o.progress === undefined ? {} : { progress: o.progress }),
  });
  return { repository, seeded };
}
