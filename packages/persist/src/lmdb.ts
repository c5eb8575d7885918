// Public surface of @vango/persist/lmdb.
export { lmdbStore, type LmdbStoreOptions } from "./stores/lmdb-store.js";
