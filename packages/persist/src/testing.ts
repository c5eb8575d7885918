// Public surface of @vango/persist/testing.
export { storeConformance, type ConformanceOptions } from "./testing/conformance.js";
export { busConformance, type OpenBus } from "./testing/bus-cases.js";
export { faultyStore, type FaultPlan, type StoreOperation } from "./testing/faulty-store.js";
export type { ConformanceCase, OpenOptions, OpenStore } from "./testing/harness.js";
