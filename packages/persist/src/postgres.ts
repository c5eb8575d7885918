// Public surface of @vango/persist/postgres.
export { postgresBus, type PostgresBusOptions } from "./stores/postgres-bus.js";
export { postgresStore, type PostgresStoreOptions } from "./stores/postgres-store.js";
