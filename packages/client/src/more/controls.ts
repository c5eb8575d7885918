// Form controls that the user has edited: what was typed before the page is live, or while the connection is lost, is kept
// and reported. Invariants: a control counts as edited only while it still shows what the user gave it; a value of the server
// that is older than that is not written, so caret, selection and composition stay.
import { host } from "./host.js";

type Control = HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement;
/** What a control holds. */
type Value = string | boolean;

const edited = new WeakMap<EventTarget, Value>();
/** Edited while no event could leave. */
const unsent = new Set<EventTarget>();
/** What is safe from the frames of this join, with the value that they had for it. */
let kept = new Map<EventTarget, unknown>();
/** The join is to another tree, which knows nothing of what was typed. */
let renewed = false;
let focused: Element | null;
/** An input method is at work in this control: what the server has for it is not written. The input event at the end brings it again. */
let composing: EventTarget | false | null;

const controls = (): Control[] => [...document.querySelectorAll<Control>("input:not([type=file]),textarea,select")];
/** The property that holds what the user enters. */
const propOf = (el: Control): "checked" | "value" => (/^(checkbox|radio)$/.test(el.type) ? "checked" : "value");

/** What the server's HTML gave the control. */
function defaultOf(el: Control): Value {
  const { options } = el;
  if (!options) return propOf(el) === "value" ? el.defaultValue : el.defaultChecked;
  return el.getAttribute("value") ?? ([...options].find((o) => o.defaultSelected) ?? options[0])?.value ?? "";
}

/** Finds what was edited before the script ran. */
export function scanControls(): void {
  for (const el of controls()) {
    const value = el[propOf(el)];
    // Of a radio group only the chosen one reports.
    if (value !== defaultOf(el) && (value || (el.type as string) !== "radio")) edited.set(el, value);
  }
}

/** An event of this control could not leave: its value goes out when the page is in step. */
export function edit(control: EventTarget): void {
  unsent.add(control);
  if (!kept.has(control)) kept.set(control, undefined);
}

/**
 * The server has accepted the page, and its frames come. On another tree everything that was edited is safe from them, on the
 * same one what the server does not have: its events up to `heard` are known to it.
 */
export function keepEdits(another: boolean, heard: number): void {
  renewed = another;
  focused = document.activeElement;
  kept = new Map();
  for (const el of controls())
    if (edited.get(el) === el[propOf(el)] && (renewed || unsent.has(el) || host.typing(el, heard))) kept.set(el, undefined);
}

/** Is `value`, which a frame has for a property, older than what the user entered? */
export function keep(control: Control, property: string, value: unknown): boolean {
  if (property !== propOf(control)) return false;
  if (!host.replaying()) return composing === control || host.typing(control);
  if (!kept.has(control)) return false;
  kept.set(control, value);
  return true;
}

/** Another build may have another template for the same form: the one control of its id, or name, and type. */
function twinOf({ localName, id, name, type }: Control): Control | undefined {
  const same = controls().filter((el) => el.localName === localName && el.type === type && (id ? el.id === id : name && el.name === name));
  return same.length < 2 ? same[0] : undefined;
}

/** In step: what the user entered, and the server has not, goes out. */
export function sendEdits(): void {
  for (const [key, theirs] of kept) {
    const old = key as Control;
    const el = old.isConnected ? old : renewed && twinOf(old);
    if (!el) continue;
    const value = edited.get(old)!;
    const control = el as unknown as Record<string, Value>;
    const prop = propOf(el);
    if (control[prop] !== value) control[prop] = value;
    edited.set(el, value);
    if (old === focused && el !== old) {
      el.focus({ preventScroll: true });
      // Only texts have a selection.
      if (old.selectionStart !== null) el.setSelectionRange?.(old.selectionStart, old.selectionEnd);
    }
    if (theirs !== value && (renewed || unsent.has(old)) && !host.fire("input", el)) host.fire("change", el);
  }
  unsent.clear();
}

/** Keeps track of what the user enters, and gives selects the value that SSR wrote for them. */
export function watchControls(): void {
  for (const type of ["input", "change"])
    document.addEventListener(
      type,
      ({ target }) => {
        if (!("value" in target!)) return;
        edited.set(target, (target as Control)[propOf(target as Control)]);
        if (!host.ready()) edit(target);
      },
      true,
    );
  for (const type of ["compositionstart", "compositionend"])
    document.addEventListener(type, ({ target }) => (composing = /st/.test(type) && target));
  // The attribute means nothing to browsers. A selection that is not the first option is the user's.
  for (const el of document.querySelectorAll<HTMLSelectElement>("select[value]"))
    if (el.selectedIndex < 1) el.value = el.getAttribute("value")!;
}
