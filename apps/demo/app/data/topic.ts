// A process-wide topic: one publisher, any number of sessions. `source` fits `setup.subscribe`.
// A listener that throws does not keep the others from hearing.

export class Topic<T> {
  readonly #listeners = new Set<(value: T) => void>();
  readonly #onError: (error: unknown) => void;

  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  /** Subscribes; gives the function that ends it. */
  readonly source = (push: (value: T) => void): (() => void) => {
    const listener = (value: T): void => push(value);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  get size(): number {
    return this.#listeners.size;
  }

  publish(value: T): void {
    for (const listener of [...this.#listeners]) {
      try {
        listener(value);
      } catch (error) {
        this.#onError(error);
      }
    }
  }
}
