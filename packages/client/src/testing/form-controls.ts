// Form controls of the light DOM as a user sees them: their values, their forms, what a submit sends.
import type { LightControl, LightElement } from "@vango/core/testing";

export const isControl = (el: LightElement): el is LightControl => /^(input|textarea|select)$/.test(el.localName);
export const isToggle = (el: LightElement): boolean => el.localName === "input" && /^(checkbox|radio)$/.test(el.getAttribute("type") ?? "");
export const isDisabled = (el: LightElement): boolean => el.hasAttribute("disabled");

export const isSubmitter = (el: LightElement): boolean =>
  (el.localName === "button" && /^(|submit)$/.test(el.getAttribute("type") ?? "")) ||
  (el.localName === "input" && /^(submit|image)$/.test(el.getAttribute("type") ?? ""));

/** All elements below, in document order. */
export function* below(el: LightElement): Generator<LightElement> {
  for (const child of el.children) {
    yield child;
    yield* below(child);
  }
}

/** The element itself or its nearest ancestor that passes. */
export function closest(el: LightElement, test: (el: LightElement) => boolean): LightElement | undefined {
  for (let at: LightElement | null = el; at !== null; at = at.parentElement) if (test(at)) return at;
  return undefined;
}

export const formOf = (el: LightElement): LightElement | undefined => closest(el, (at) => at.localName === "form");

const optionValue = (option: LightElement): string => option.getAttribute("value") ?? option.textContent.trim();

function chosen(select: LightElement): LightElement[] {
  const options = [...below(select)].filter((el) => el.localName === "option");
  const selected = options.filter((option) => option.hasAttribute("selected"));
  if (select.hasAttribute("multiple")) return selected;
  const value = select.getAttribute("value");
  const one = (value === null ? selected.at(-1) : options.find((option) => optionValue(option) === value)) ?? options[0];
  return one === undefined ? [] : [one];
}

/** The pairs that a submit of the form sends: its successful controls in order, the submitter among them. */
export function formPairs(form: LightElement, submitter?: LightElement | null): [name: string, value: string][] {
  const pairs: [string, string][] = [];
  for (const el of below(form)) {
    const name = el.getAttribute("name");
    if (name === null || name === "" || isDisabled(el)) continue;
    if (el.localName === "select") for (const option of chosen(el)) pairs.push([name, optionValue(option)]);
    else if (isToggle(el)) {
      if (el.hasAttribute("checked")) pairs.push([name, el.getAttribute("value") ?? "on"]);
    } else if (el.localName === "button" || /^(submit|image|button|reset|file)$/.test(el.getAttribute("type") ?? "")) {
      if (el === submitter) pairs.push([name, el.getAttribute("value") ?? ""]);
    } else if (isControl(el)) pairs.push([name, el.value]);
  }
  return pairs;
}

/** FormData of the light DOM, as far as the runtime reads it. */
export class LightFormData {
  readonly #pairs: readonly [string, string][];

  constructor(form: LightElement, submitter?: LightElement | null) {
    this.#pairs = formPairs(form, submitter);
  }

  [Symbol.iterator](): Iterator<[string, string]> {
    return this.#pairs[Symbol.iterator]() as Iterator<[string, string]>;
  }
}
