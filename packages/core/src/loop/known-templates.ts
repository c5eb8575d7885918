// Which templates a client knows, by number on its wire, and for which of them it has the HTML to clone. Sessions of one page
// start from the same boot list, so the list is shared until a session adds to it.
import type { FrameWriter } from "../protocol/writer.js";
import { F, R } from "../template/builtin.js";
import type { Template } from "../template/define.js";

const BUILT_IN: readonly string[] = [F.id, R.id];

export class KnownTemplates {
  /** Ids by number. Copied on the first addition. */
  #ids: readonly string[];
  #own = false;
  /** Numbers whose HTML was sent. F needs none. */
  #html: Set<number> | undefined = undefined;

  constructor(ids: readonly string[] = BUILT_IN) {
    this.#ids = ids;
  }

  number(template: Template, w: FrameWriter): number {
    if (template === F) {
      if (this.#html?.has(0) !== true) {
        (this.#html ??= new Set()).add(0);
        w.define(0, F, true);
      }
      return 0;
    }
    const known = this.#ids.indexOf(template.id);
    if (known >= 0) {
      if (this.#html?.has(known) !== true) {
        (this.#html ??= new Set()).add(known);
        w.define(known, template, true);
      }
      return known;
    }
    if (!this.#own) {
      this.#ids = [...this.#ids];
      this.#own = true;
    }
    const number = (this.#ids as string[]).push(template.id) - 1;
    (this.#html ??= new Set()).add(number);
    w.define(number, template, true);
    return number;
  }

  /** A definition was taken back before it was sent: the number stays, the HTML is not known. */
  forget(template: Template): void {
    this.#html?.delete(template === F ? 0 : this.#ids.indexOf(template.id));
  }
}
