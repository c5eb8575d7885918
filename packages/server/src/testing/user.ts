/**
 * What a user does, with what browsers do by themselves: a click toggles a checkbox, submits a form, follows a link; Enter
 * submits. Invariant: where the browser would leave the page, VANGO_TEST_LEFT says so.
 */
import type { LightElement } from "@vango/core/testing";
import { serverError } from "../errors.js";
import type { TestClient } from "./client.js";
import { below, closest, formOf, formPairs, isControl, isDisabled, isSubmitter, isToggle } from "./controls.js";
import type { EventInit } from "./dispatch.js";

const CODES: Readonly<Record<string, string>> = { " ": "Space", Enter: "Enter", Escape: "Escape", Tab: "Tab" };

export class User {
  constructor(readonly client: TestClient) {}

  fire(el: LightElement, type: string, payload?: EventInit): boolean {
    return this.client.dispatcher.fire(el, type, payload);
  }

  click(el: LightElement): void {
    if (closest(el, (at) => /^(button|input|select|textarea)$/.test(at.localName) && isDisabled(at)) !== undefined) return;
    const toggle = isToggle(el) ? this.#toggle(el) : undefined;
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
    else this.#follow(el);
  }

  fill(el: LightElement, value: string): void {
    if (!isControl(el) || isToggle(el)) throw serverError("VANGO_TEST_ELEMENT", { message: `<${el.localName}> takes no text.` });
    if (isDisabled(el)) throw serverError("VANGO_TEST_ELEMENT", { message: "The control is disabled." });
    this.client.byUser(() => (el.value = value));
    this.fire(el, "input");
    this.fire(el, "change");
  }

  /** Submits a form, or the form around an element. */
  submit(el: LightElement, submitter?: LightElement): void {
    const form = formOf(el);
    if (form === undefined) throw serverError("VANGO_TEST_ELEMENT", { message: `<${el.localName}> is in no form.` });
    const name = submitter?.getAttribute("name") ?? null;
    const prevented = this.fire(form, "submit", { data: formPairs(form, submitter), submitter: name === "" ? null : name });
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
  #toggle(el: LightElement): () => void {
    const radio = el.getAttribute("type") === "radio";
    const group = radio ? this.client.mirror.select(`input[type=radio]`).filter((o) => o.getAttribute("name") === el.getAttribute("name") && formOf(o) === formOf(el)) : [el];
    const before = group.map((o) => [o, o.hasAttribute("checked")] as const);
    const set = (o: LightElement, on: boolean): void => void ((o as LightElement & { checked: boolean }).checked = on);
    this.client.byUser(() => {
      for (const [o, on] of before) set(o, o === el ? radio || !on : false);
    });
    return () => this.client.byUser(() => before.forEach(([o, on]) => set(o, on)));
  }

  #controlOf(label: LightElement): LightElement | undefined {
    const id = label.getAttribute("for");
    return id === null ? [...below(label)].find(isControl) : this.client.mirror.select("input, select, textarea").find((el) => el.getAttribute("id") === id);
  }

  #follow(el: LightElement): void {
    const link = closest(el, (at) => at.localName === "a" && at.hasAttribute("href"));
    const href = link?.getAttribute("href") ?? "";
    if (link === undefined || href.startsWith("#")) return;
    const mode = link.getAttribute("data-vango-link");
    const ours = mode !== null && !link.hasAttribute("download") && /^(|_self)$/.test(link.getAttribute("target") ?? "") && /^\/(?!\/)/.test(href);
    if (!ours) throw serverError("VANGO_TEST_LEFT", { message: `The link to \`${href.slice(0, 200)}\`.` });
    this.client.navigate(href, mode === "replace" ? "replace" : "push");
  }
}
