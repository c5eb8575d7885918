// What stores on a driver share: a driver's failure is a PersistError of kind `storage`, refusals of ours stay what they are.
import { PersistError } from "../errors.js";

export const closedError = (): PersistError => new PersistError("storage", { message: "The store is closed." });

/** The error of a driver as the port tells it. */
export function storageError(cause: unknown): PersistError {
  if (cause instanceof PersistError) return cause;
  return new PersistError("storage", { message: cause instanceof Error ? cause.message : String(cause), cause });
}

/** For the `catch` of a promise: cheaper than {@link guarded} where there is one already. */
export function throwStorage(cause: unknown): never {
  throw storageError(cause);
}

/** Runs a call of a driver. */
export async function guarded<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    return throwStorage(error);
  }
}
