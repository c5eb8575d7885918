/**
 * Locators: a question to the page, asked anew by every call. Actions take the first element that matches and resolve when
 * the page has settled.
 */
import type { LightElement } from "@vango/core/testing";
import { below } from "@vango/client/testing";
import { serverError } from "../errors.js";
import { isHidden, nameOf, normal, roleOf, shownText } from "./roles.js";
import type { PageView } from "./page-view.js";
import type { User } from "./user.js";

/** Elements of the page, found when they are asked for. */
export interface Locator {
  /** A click with what browsers do by it: checkboxes toggle, submit buttons submit, links navigate. */
  click(): Promise<void>;
  /** The user enters a value: `input`, then `change`. */
  fill(v: string): Promise<void>;
  /** Submits the form, or the form around the element. */
  submit(): Promise<void>;
  /** `keydown` and `keyup`; Enter in an input submits its form. `key` as KeyboardEvent.key. */
  press(key: string): Promise<void>;
  /** Any event, with fields of it. */
  fire(event: string, payload?: object): Promise<void>;
  /** The element's text, as it stands in the document. @throws VANGO_TEST_ELEMENT */
  text(): string;
  attr(name: string): string | null;
  count(): number;
  exists(): boolean;
  /** The i-th match, from 0. */
  nth(i: number): Locator;
}

type Find = () => LightElement[];

export class Located implements Locator {
  constructor(
    readonly find: Find,
    readonly what: string,
    readonly user: User,
    readonly settle: () => Promise<void>,
  ) {}

  click(): Promise<void> {
    return this.#act((el) => this.user.click(el));
  }
  fill(v: string): Promise<void> {
    return this.#act((el) => this.user.fill(el, v));
  }
  submit(): Promise<void> {
    return this.#act((el) => this.user.submit(el));
  }
  press(key: string): Promise<void> {
    return this.#act((el) => this.user.press(el, key));
  }
  fire(event: string, payload: object = {}): Promise<void> {
    return this.#act((el) => void this.user.fire(el, event, { ...payload }));
  }
  text(): string {
    return this.#first().textContent;
  }
  attr(name: string): string | null {
    return this.#first().getAttribute(name);
  }
  count(): number {
    return this.find().length;
  }
  exists(): boolean {
    return this.count() > 0;
  }
  nth(i: number): Locator {
    return new Located(() => this.find().slice(i, i + 1), `${this.what}, number ${i}`, this.user, this.settle);
  }

  /** What happens happens at once; the promise is for what follows from it. */
  async #act(action: (el: LightElement) => void): Promise<void> {
    action(this.#first());
    await this.settle();
  }

  #first(): LightElement {
    const [el] = this.find();
    if (el === undefined) throw serverError("VANGO_TEST_ELEMENT", { message: `Nothing matches ${this.what} in ${this.user.view.html().slice(0, 2000)}` });
    return el;
  }
}

type Wanted = string | RegExp;

/** A text is meant whole where something matches it whole, else as a part, whatever its case. */
function matching(els: readonly LightElement[], text: (el: LightElement) => string, wanted: Wanted): LightElement[] {
  if (typeof wanted !== "string") return els.filter((el) => text(el).search(wanted) >= 0);
  const want = normal(wanted);
  const whole = els.filter((el) => text(el) === want);
  return whole.length > 0 ? whole : els.filter((el) => text(el).toLowerCase().includes(want.toLowerCase()));
}

const all = (view: PageView): LightElement[] => [...below(view.doc.body)].filter((el) => !isHidden(el));

export function byRole(view: PageView, role: string, name: Wanted | undefined): LightElement[] {
  const els = all(view).filter((el) => roleOf(el) === role);
  return name === undefined ? els : matching(els, (el) => nameOf(el, view.doc.body), name);
}

/** The innermost elements with the text. */
export function byText(view: PageView, text: Wanted): LightElement[] {
  const found = matching(all(view), (el) => normal(shownText(el)), text);
  return found.filter((el) => !found.some((other) => other !== el && el.contains(other)));
}
