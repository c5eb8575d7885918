// Public surface of @vango/persist/redis.
export { redisBus, type RedisBusOptions } from "./stores/redis-bus.js";
export type { RedisConnection } from "./stores/redis-client.js";
export { redisStore, type RedisStoreOptions } from "./stores/redis-store.js";
