/**
 * What a user does, with what browsers do by themselves: a click toggles a checkbox, submits a form, follows a link; Enter
 * submits. Invariant: where the browser would leave the page, VANGO_TEST_LEFT says so.
 */
import { below, closest, formOf, isControl, isDisabled, isSubmitter, isToggle } from "@vango/client/testing";
import { LightEvent, type LightControl, type LightElement } from "@vango/core/testing";
import { serverError } from "../errors.js";
import type { PageView } from "./page-view.js";

/** Fields of an event, as a test gives them. */
export type EventInit = Readonly<Record<string, unknown>>;

const MODIFIERS = { ctrlKey: false, shiftKey: false, altKey: false, metaKey: false };
const MOUSE = { button: 0, buttons: 0, clientX: 0, clientY: 0, ...MODIFIERS };
const KEY = { key: "", code: "", repeat: false, ...MODIFIERS };
/** Events that do not bubble. */
const STAYS = /^(focus|blur|load|error|scroll|toggle|(mouse|pointer)(enter|leave))$/;

const initOf = (type: string): EventInit => (type.startsWith("key") ? KEY : /click|mouse|pointer|menu|drag|drop|wheel/.test(type) ? MOUSE : {});

const CODES: Readonly<Record<string, string>> = { " ": "Space", Enter: "Enter", Escape: "Escape", Tab: "Tab" };

export class User {
  constructor(readonly view: PageView) {}

  /** Dispatches; true when something has prevented the browser's own action. */
  fire(el: LightElement, type: string, payload: EventInit = {}): boolean {
    return !el.dispatchEvent(Object.assign(new LightEvent(type, { bubbles: !STAYS.test(type), cancelable: true }), initOf(type), payload));
  }

  click(el: LightElement): void {
    if (closest(el, (at) => /^(button|input|select|textarea)$/.test(at.localName) && isDisabled(at)) !== undefined) return;
    const toggle = isToggle(el) ? this.#toggle(el as LightControl) : undefined;
    if (this.fire(el, "click")) {
      toggle?.();
      return;
    }
    if (toggle !== undefined) {
      this.fire(el, "input");
      this.fire(el, "change");
      return;
    }
    const label = closest(el, (at) => at.localName === "label");
    const labelled = label === undefined || closest(el, isControl) !== undefined ? undefined : this.#controlOf(label);
    if (labelled !== undefined && isToggle(labelled)) {
      this.click(labelled);
      return;
    }
    const submitter = closest(el, isSubmitter);
    const form = submitter === undefined ? undefined : formOf(submitter);
    if (form !== undefined) this.submit(form, submitter);
    else this.#leaves(el);
  }

  fill(el: LightElement, value: string): void {
    if (!isControl(el) || isToggle(el)) throw serverError("VANGO_TEST_ELEMENT", { message: `<${el.localName}> takes no text.` });
    if (isDisabled(el)) throw serverError("VANGO_TEST_ELEMENT", { message: "The control is disabled." });
    el.value = value;
    this.fire(el, "input");
    this.fire(el, "change");
  }

  /** Submits a form, or the form around an element. */
  submit(el: LightElement, submitter?: LightElement): void {
    const form = formOf(el);
    if (form === undefined) throw serverError("VANGO_TEST_ELEMENT", { message: `<${el.localName}> is in no form.` });
    const prevented = this.fire(form, "submit", { submitter: submitter ?? null });
    if (!prevented) throw serverError("VANGO_TEST_LEFT", { message: "The form's submit is not prevented." });
  }

  press(el: LightElement, key: string): void {
    const code = CODES[key] ?? (/^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key);
    if (!this.fire(el, "keydown", { key, code })) {
      const presses = el.localName === "button" || (el.localName === "a" && el.hasAttribute("href"));
      if (key === "Enter" && el.localName === "input") this.#implicitSubmit(el);
      else if (presses && (key === "Enter" || (key === " " && el.localName === "button"))) this.click(el);
    }
    this.fire(el, "keyup", { key, code });
  }

  #implicitSubmit(el: LightElement): void {
    const form = formOf(el);
    if (form === undefined) return;
    const button = [...below(form)].find(isSubmitter);
    if (button === undefined) this.submit(form);
    else this.click(button);
  }

  /** Toggles; the result takes it back. */
  #toggle(el: LightControl): () => void {
    const radio = el.type === "radio";
    const group = radio ? this.#radios().filter((o) => o.name === el.name && formOf(o) === formOf(el)) : [el];
    const before = group.map((o) => [o, o.checked] as const);
    for (const [o, on] of before) o.checked = o === el ? radio || !on : false;
    return () => {
      for (const [o, on] of before) o.checked = on;
    };
  }

  #radios(): LightControl[] {
    return this.view.select("input[type=radio]") as LightControl[];
  }

  #controlOf(label: LightElement): LightElement | undefined {
    const id = label.getAttribute("for");
    return id === null ? [...below(label)].find(isControl) : this.view.select("input, select, textarea").find((el) => el.getAttribute("id") === id);
  }

  /** The runtime follows the links that are its own; the others leave the page. */
  #leaves(el: LightElement): void {
    const link = closest(el, (at) => at.localName === "a" && at.hasAttribute("href"));
    const href = link?.getAttribute("href") ?? "";
    if (link !== undefined && !href.startsWith("#")) throw serverError("VANGO_TEST_LEFT", { message: `The link to \`${href.slice(0, 200)}\`.` });
  }
}
