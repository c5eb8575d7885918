// What few sessions have: it lies in one object that is made when the first of it is set, so that a session without costs one
// empty field. Base of the loop.
import type { PersistError } from "../setup/types.js";
import type { UrlParamNode } from "../setup/url-param.js";
import type { Storm } from "./budget.js";
import type { Topics } from "./global-cells.js";
import type { PersistPort } from "./persisted-cell.js";
import type { SharedCells } from "./shared-cells.js";

class Parts {
  shared: SharedCells | undefined = undefined;
  urlParams: Set<UrlParamNode<unknown>> | undefined = undefined;
  persistHandlers: Set<(e: PersistError) => void> | undefined = undefined;
  persist: PersistPort | undefined = undefined;
  browser: Topics | undefined = undefined;
  storm: Storm | undefined = undefined;
  promised: Set<(error: Error) => void> | undefined = undefined;
}

export abstract class RareParts {
  #parts: Parts | undefined = undefined;

  // By type alone: a method named with # would cost every loop a field.
  private set<K extends keyof Parts>(name: K, value: Parts[K]): void {
    if (value !== undefined || this.#parts !== undefined) (this.#parts ??= new Parts())[name] = value;
  }

  /** Cells of the session that no component owns. */
  get shared(): SharedCells | undefined {
    return this.#parts?.shared;
  }
  set shared(cells: SharedCells | undefined) {
    this.set("shared", cells);
  }

  get urlParams(): Set<UrlParamNode<unknown>> | undefined {
    return this.#parts?.urlParams;
  }
  set urlParams(params: Set<UrlParamNode<unknown>> | undefined) {
    this.set("urlParams", params);
  }

  get persistHandlers(): Set<(e: PersistError) => void> | undefined {
    return this.#parts?.persistHandlers;
  }
  set persistHandlers(handlers: Set<(e: PersistError) => void> | undefined) {
    this.set("persistHandlers", handlers);
  }

  /** Keeps the persisted cells. Set before the mount, or by the host when the first cell asks; undefined: nobody keeps them. */
  get persist(): PersistPort | undefined {
    if (this.#parts?.persist === undefined) this.askPersist();
    return this.#parts?.persist;
  }
  set persist(port: PersistPort | undefined) {
    this.set("persist", port);
  }
  protected abstract askPersist(): void;

  /** Values of the browser, shared by its tabs; set before the mount, or never. */
  get browser(): Topics | undefined {
    return this.#parts?.browser;
  }
  set browser(topics: Topics | undefined) {
    this.set("browser", topics);
  }

  protected get storm(): Storm | undefined {
    return this.#parts?.storm;
  }
  protected set storm(storm: Storm | undefined) {
    this.set("storm", storm);
  }

  /** Promises of dispatches that wait for their turn. */
  protected get promised(): Set<(error: Error) => void> | undefined {
    return this.#parts?.promised;
  }
  protected set promised(promised: Set<(error: Error) => void> | undefined) {
    this.set("promised", promised);
  }
}
