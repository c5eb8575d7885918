// Public surface of @vango/persist/lmdb.
export { lmdbEnvironment, type LmdbEnvironment, type LmdbEnvironmentOptions } from "./stores/lmdb-environment.js";
export { lmdbStore, type LmdbStoreOptions } from "./stores/lmdb-store.js";
