// Catalogue of the errors of templates: what `html` throws at run time and the JSX compiler reports with a code frame.
import { VangoError, type ErrorEntry } from "../vango-error.js";

export const TEMPLATE_ERRORS = {
  VANGO_TPL_CONFLICT: {
    message: "Two different templates have the same id.",
    why: "A template's id is the hash of its content, so this happens only when generated code was edited or mixes compiler versions.",
    fix: "Rebuild the application with one version of @vango/codegen.",
  },
  VANGO_TPL_TABLE: {
    message: "A template's table does not fit its statics.",
    why: "Compiled templates are generated; a table that cannot be read was edited by hand or made by another version.",
    fix: "Rebuild the application with one version of @vango/codegen.",
  },
  VANGO_TPL_SYNTAX: {
    message: "This html template cannot be parsed.",
    why: "html`…` takes well-formed markup: every element closed, holes only as children, attribute values, components or spreads.",
    fix: "Correct the markup at the marked place.",
  },
  VANGO_TPL_REFERENCE: {
    message: "This character reference cannot be decoded here.",
    why: "Common references (&amp; &nbsp; &copy; …) and all numeric ones are decoded; rarer ones work in static markup only, where the browser reads them.",
    fix: "Write the character itself, or its number: &#10003;.",
  },
  VANGO_TPL_NESTING: {
    message: "This element cannot stand here.",
    why: "The browser's HTML parser would move or close it, so the page in the browser would differ from the template.",
    fix: "Change the nesting as the message says.",
  },
  VANGO_TPL_VOID: {
    message: "This element cannot have children.",
    why: "Void elements (br, img, input …) have no content in HTML.",
    fix: "Remove the children, or put them next to the element.",
  },
  VANGO_TPL_TEXT_ONLY: {
    message: "This element takes text only.",
    why: "title, textarea and style hold text; elements in them would be shown as source.",
    fix: "Use text and text values as content.",
  },
  VANGO_TPL_DYNAMIC: {
    message: "This element cannot have dynamic content.",
    why: "script, template, noscript and iframe content is not part of the live page, or would run as code.",
    fix: "Make the content static, or pass data through attributes.",
  },
  VANGO_TPL_ATTRIBUTE: {
    message: "This attribute cannot be used so.",
    why: "Attribute names and values follow HTML; some names belong to the framework.",
    fix: "Write the attribute as HTML spells it (class, for, tabindex; data-… for names of your own), pass markup as innerHTML={trustedHtml(…)}, and a handler as onClick={fn} instead of a script URL.",
  },
  VANGO_TPL_DUPLICATE: {
    message: "An attribute is given twice.",
    why: "HTML keeps the first and JSX the last: the result would depend on who renders.",
    fix: "Remove one of them; combine classes with class={[…]}.",
  },
  VANGO_TPL_EVENT: {
    message: "This event attribute cannot be used so.",
    why: "Handlers run on the server, their options are static data in the template.",
    fix: "Write onClick={fn} in JSX or onClick=${fn} in html, with the options the documentation lists.",
  },
  VANGO_TPL_INNER_HTML: {
    message: "innerHTML cannot be combined with children.",
    why: "innerHTML is the whole content of its element.",
    fix: "Remove the children or the innerHTML attribute.",
  },
  VANGO_TPL_TRUE: {
    message: "`true` is not a child.",
    why: "It shows nothing, so it is nearly always a condition whose second half was forgotten.",
    fix: "Write a condition with a view: {ready && <p>Ready</p>}.",
  },
} as const satisfies Record<`VANGO_${string}`, ErrorEntry>;

export type TemplateErrorCode = keyof typeof TEMPLATE_ERRORS;

/** A fault found in a template: `loc` is an offset into the source the AST came from. */
export interface TemplateFault {
  readonly code: TemplateErrorCode;
  readonly message: string;
  readonly loc: number;
}

/** Thrown by the builder; front ends turn it into an error with a place. */
export class TemplateFaultError extends Error {
  constructor(readonly fault: TemplateFault) {
    super(`${fault.code}: ${fault.message}`);
  }
}

/** Makes an error of this catalogue. */
export function templateError(
  code: TemplateErrorCode,
  detail?: { readonly message?: string; readonly at?: string; readonly cause?: unknown },
): VangoError {
  return new VangoError(code, TEMPLATE_ERRORS[code], detail);
}

/** Stops the build at a fault. */
export function fault(code: TemplateErrorCode, loc: number, message: string): never {
  throw new TemplateFaultError({ code, message, loc });
}
