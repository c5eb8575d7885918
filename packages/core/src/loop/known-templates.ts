// Which templates a client knows, by number on its wire, and for which of them it has the HTML to clone. Sessions of one page
// start from the same boot list, so they share the list and this object until a frame of theirs needs a template.
import type { FrameWriter } from "../protocol/writer.js";
import { F, R } from "../template/builtin.js";
import { templateById, type Template } from "../template/define.js";

const BUILT_IN: readonly string[] = [F.id, R.id];

/** The last list by its first id that is not built in. Only templates of this process: what clients invent is not kept. */
const lists = new Map<string, KnownTemplates>();

export class KnownTemplates {
  /** Ids by number. Copied on the first addition. */
  #ids: readonly string[];
  #own = false;
  /** Numbers whose HTML was sent. F needs none. */
  #html: Set<number> | undefined = undefined;

  /** @param shared Several loops have it: it is copied before it changes. */
  constructor(
    ids: readonly string[] = BUILT_IN,
    readonly shared = false,
  ) {
    this.#ids = ids;
  }

  /** What a client knows that shows a page with these templates: one object for all of them. */
  static of(ids: readonly string[]): KnownTemplates {
    const first = ids[BUILT_IN.length] ?? "";
    const known = lists.get(first);
    if (known !== undefined && known.ids.length === ids.length && known.ids.every((id, i) => id === ids[i])) return known;
    const made = new KnownTemplates(ids, true);
    if (first !== "" && ids.every((id) => templateById(id) !== undefined)) lists.set(first, made);
    return made;
  }

  get ids(): readonly string[] {
    return this.#ids;
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
