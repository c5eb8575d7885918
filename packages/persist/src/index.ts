// Public surface of @vango/persist.
export { BlobError, PersistError, PERSIST_ERRORS, type BlobReason, type PersistErrorDetail, type PersistErrorKind } from "./errors.js";
export { blobCodec, NO_SCHEMA, type BlobCodec, type BlobOptions, type BlobSchema, type OpenedBlob } from "./codec/blob.js";
export { decodeValue, encodeValue, MAX_VALUE_DEPTH } from "./codec/value.js";
export { PERSIST_LIMITS, type StoreBudgets } from "./limits.js";
export { firstEpoch, nextEpoch, type Epoch } from "./epoch.js";
export { budgetsOf, checkChanges, checkInit, checkMeta, checkName, checkSessionSize, nameBytes, sizeAfter, valuesSize, type Budgets } from "./measure.js";
export type {
  Changes,
  ClaimOptions,
  ClaimResult,
  CommitResult,
  CreateResult,
  ExchangeResult,
  OwnerResult,
  Refusal,
  SessionInit,
  SessionRecord,
  SessionStore,
  StoreStats,
  SweepResult,
  Survives,
  Values,
} from "./store.js";
export { checkMessage, Listeners, memoryBus, type Bus, type Listener } from "./bus.js";
export { memoryStore, type MemoryStoreOptions } from "./memory-store.js";
export { recordingStore, type Recording, type RecordingOptions } from "./recording-store.js";
