// What must be known to read a session's frames: tables of its templates, and the template of each instance. It is learned
// from the boot blob that the client joined with and then from the frames themselves.
import { TABLE_F, TABLE_R, tableOf, type Boot, type ClientTemplate, type Slot } from "@vango/core/protocol";

export class FrameState {
  readonly #templates = new Map<number, ClientTemplate>([
    [0, { id: "F", table: TABLE_F, html: "<!>" }],
    [1, { id: "R", table: TABLE_R }],
  ]);
  /** Template number by instance. */
  readonly #instances = new Map<number, number>([[0, 1]]);

  template(index: number): ClientTemplate | undefined {
    return this.#templates.get(index);
  }

  define(index: number, template: ClientTemplate): void {
    const known = this.#templates.get(index);
    this.#templates.set(index, template.html === undefined && known?.id === template.id ? known : template);
  }

  place(instance: number, template: number): void {
    this.#instances.set(instance, template);
  }

  forget(first: number, count: number): void {
    // A count from a broken frame may be any number; what is known is bounded.
    if (count <= this.#instances.size) for (let id = first; id < first + count; id++) this.#instances.delete(id);
    else for (const id of this.#instances.keys()) if (id >= first && id < first + count) this.#instances.delete(id);
  }

  /** Kind letter of an instance's slot, when the instance is known. */
  kind(instance: number, slot: number): string | undefined {
    return this.#slot(instance, slot)?.kind;
  }

  /** DOM event type of an instance's event slot, when the instance is known. */
  event(instance: number, slot: number): string | undefined {
    return this.#slot(instance, slot)?.event?.type;
  }

  #slot(instance: number, slot: number): Slot | undefined {
    const index = this.#instances.get(instance);
    const template = index === undefined ? undefined : this.#templates.get(index);
    return template === undefined ? undefined : tableOf(template).slots[slot];
  }

  /** Learns the templates and instances of a page from its boot blob; the numbering is docs/architecture.md §3. */
  learn(boot: Pick<Boot, "t" | "s">): void {
    for (let at = 0; at < boot.t.length; at += 2) this.define(2 + at / 2, { id: boot.t[at] as string, table: boot.t[at + 1] as string });
    let at = 0;
    let next = 1;
    const number = (): number => boot.s[at++] ?? 0;
    const rangesOf = (index: number): number => {
      const template = this.#templates.get(index);
      return template === undefined ? 0 : tableOf(template).ranges.length;
    };
    /** Walks one content; with `assign` its items get their numbers, without it they are only counted. */
    const content = (assign: boolean): number => {
      const start = at;
      let total = 0;
      let id = 0;
      if (assign) {
        total = content(false);
        at = start;
        id = next;
        next += total;
      }
      let counted = 0;
      for (let runs = number(); runs > 0; runs--) {
        const code = number();
        const count = number();
        counted += count;
        if (assign) for (let item = 0; item < count; item++) this.place(id++, code >> 1);
        if ((code & 1) === 0) for (let left = count * rangesOf(code >> 1); left > 0; left--) content(assign);
      }
      return counted;
    };
    content(true);
    content(true);
  }
}
