// Catalogue of the errors of @vango/codegen. One entry a code; each has a page in docs/errors and a test.
import { TEMPLATE_ERRORS, type TemplateErrorCode } from "@vango/core/internal";

/** Text of one entry. */
export interface ErrorEntry {
  readonly message: string;
  readonly why: string;
  readonly fix: string;
}

export const CODEGEN_ERRORS = {
  VANGO_JSX_SYNTAX: {
    message: "The file cannot be parsed.",
    why: "The JSX compiler needs valid TypeScript or JavaScript.",
    fix: "Correct the syntax at the marked place.",
  },
  VANGO_JSX_NAMESPACE: {
    message: "This name with a colon means nothing here.",
    why: "HTML has no such names; directives of other frameworks are ordinary attributes in Vango.",
    fix: "Write an event as onClick, a class as class={{ done: x }}, a property by its name. Only xlink:, xml: and xmlns: are names.",
  },
  VANGO_JSX_MAP_KEY: {
    message: "A list is made by .map() without keys.",
    why: "Rows without a key are matched by position: after a removal each row shows its neighbour's state.",
    fix: "Use each(list, (item) => item.id, (item) => …), which moves only what moved; or give the element a key.",
  },
  VANGO_JSX_CONDITIONAL_SETUP: {
    message: "State is allocated conditionally or in a loop.",
    why: "Setup allocates the same state on every mount, so that state can be restored and compared; a branch would change it.",
    fix: "Move the call to the top level of setup and make its use conditional instead.",
  },
  VANGO_JSX_SETUP_IN_RENDER: {
    message: "setup is used in the render closure.",
    why: "The render closure runs again on every change; setup runs once per mount.",
    fix: "Call it above the return, and read the result in the render closure.",
  },
  VANGO_JSX_ON_OPTIONS: {
    message: "The options of on() are not literal.",
    why: "Event options are static data of the template: the browser needs them before any handler runs.",
    fix: "Write them inline with literal values: on({ preventDefault: true }, handler).",
  },
  VANGO_JSX_ON_PLACE: {
    message: "on() stands outside an event attribute.",
    why: "Its options become part of the template, so the compiler must see them where the event is.",
    fix: "Write onClick={on({ … }, handler)} on the element itself.",
  },
  VANGO_JSX_EVENT_DOM: {
    message: "The handler uses an event as the browser has it.",
    why: "Handlers run on the server: they get the fields of the event, not the event object and its element.",
    fix: "Use on({ preventDefault: true }, …) or on({ stopPropagation: true }, …) for methods, and e.value, e.checked or e.data for the element's state.",
  },
  VANGO_JSX_AWAIT: {
    message: "await or yield stands in JSX.",
    why: "A slot is evaluated again on its own, so it cannot wait.",
    fix: "Load data with setup.resource and show it with .match({ … }).",
  },
} as const satisfies Record<`VANGO_${string}`, ErrorEntry>;

export type CodegenErrorCode = keyof typeof CODEGEN_ERRORS;

/** The catalogue entry of a compile-time code, of this package or of templates. */
export function entryOf(code: CodegenErrorCode | TemplateErrorCode): ErrorEntry {
  return Object.hasOwn(CODEGEN_ERRORS, code) ? CODEGEN_ERRORS[code as CodegenErrorCode] : TEMPLATE_ERRORS[code as TemplateErrorCode];
}
