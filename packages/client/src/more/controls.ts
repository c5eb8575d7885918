// Form controls that the user has edited: what was typed before the page is live, or before a lost connection, is kept.
// Invariant: a control counts as edited only while it still shows what the user gave it.

type Control = HTMLInputElement & HTMLTextAreaElement & HTMLSelectElement;
/** What a control holds. */
export type Value = string | boolean;

const edited = new WeakMap<Element, Value>();

const all = (): Control[] => [...document.querySelectorAll<Control>("input:not([type=file]),textarea,select")];
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
  for (const el of all()) {
    const value = el[propOf(el)];
    // Of a radio group only the chosen one reports.
    if (value !== defaultOf(el) && (value || (el.type as string) !== "radio")) edited.set(el, value);
  }
}

/** The edited controls of this moment with their values. */
export const editedControls = (): [Element, Value][] =>
  all()
    .map((el): [Control, Value] => [el, el[propOf(el)]])
    .filter(([el, value]) => edited.get(el) === value);

/** Gives a control back what the user had entered. */
export function restoreControl(el: Element, value: Value): void {
  const control = el as unknown as Record<string, Value>;
  const prop = propOf(el as Control);
  if (control[prop] !== value) control[prop] = value;
}

/** Keeps track of what the user enters, and gives selects the value that SSR wrote for them. */
export function watchControls(): void {
  for (const type of ["input", "change"])
    document.addEventListener(
      type,
      ({ target }) => "value" in target! && edited.set(target as Control, (target as Control)[propOf(target as Control)]),
      true,
    );
  // The attribute means nothing to browsers. A selection that is not the first option is the user's.
  for (const el of document.querySelectorAll<HTMLSelectElement>("select[value]"))
    if (el.selectedIndex < 1) el.value = el.getAttribute("value")!;
}
