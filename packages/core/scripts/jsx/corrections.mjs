// What the data packages leave out or have out of date, each with its reason.
// Keep this list short: prefer a newer version of the data.

/** Keyword lists of global or element attributes. `tag.attr` wins over `attr`. */
export const KEYWORDS = {
  // the editor data has the pre-standard list
  inputmode: ["none", "text", "tel", "url", "email", "numeric", "decimal", "search"],
  // no list in the data
  autocapitalize: ["off", "none", "on", "sentences", "words", "characters"],
  popovertargetaction: ["toggle", "show", "hide"],
  shadowrootmode: ["open", "closed"],
  as: ["audio", "document", "embed", "fetch", "font", "image", "object", "script", "style", "track", "video", "worker"],
  closedby: ["any", "closerequest", "none"],
  colorspace: ["limited-srgb", "display-p3"],
  // the data has the obsolete "datetime"
  "input.type": ["hidden", "text", "search", "tel", "url", "email", "password", "date", "month", "week", "time", "datetime-local",
    "number", "range", "color", "checkbox", "radio", "file", "submit", "image", "reset", "button"],
  "script.type": null,
};

/** Attributes whose keywords are suggestions: any other text is legal too. */
export const OPEN_KEYWORDS = new Set(["target", "formtarget", "autocomplete", "sandbox", "as", "rel"]);

/** Attributes that have one keyword list wherever they stand; the data gives it for some tags only. */
export const ONE_LIST = new Set(["crossorigin", "decoding", "fetchpriority", "loading", "referrerpolicy"]);

/** Keyword lists without a data source, open ones. */
export const OPEN_LISTS = {
  command: ["toggle-popover", "show-popover", "hide-popover", "show-modal", "close", "request-close"],
};

/** Keyword attributes that are also legal empty or bare (`crossorigin`, `popover`). */
export const ALSO_EMPTY = new Set(["crossorigin", "preload", "popover"]);

/** Whole type expressions, where semantics are special. */
export const TYPES = {
  class: "Attribute<ClassValue>",
  style: "Attribute<StyleValue>",
  contenteditable: 'Attribute<boolean | "" | "true" | "false" | "plaintext-only">',
  draggable: "WordBooleanAttribute",
  spellcheck: 'Attribute<boolean | "" | "true" | "false">',
  writingsuggestions: 'Attribute<boolean | "" | "true" | "false">',
  translate: 'Attribute<boolean | "" | "yes" | "no">',
  hidden: 'Attribute<boolean | "" | "hidden" | "until-found">',
  download: "Attribute<string | boolean>",
  // a length in obsolete elements, a number in images
  width: "TextAttribute",
  height: "TextAttribute",
  coords: "TextAttribute",
};

/** DOM properties that JSX sets and HTML has no attribute for, and attributes newer than the data. */
export const EXTRA = {
  input: ["indeterminate"],
  textarea: ["value"],
  select: ["value"],
  dialog: ["closedby"],
  button: ["command", "commandfor", "popovertarget", "popovertargetaction"],
  video: ["disablepictureinpicture", "disableremoteplayback", "controlslist"],
  audio: ["disableremoteplayback", "controlslist"],
  iframe: ["credentialless"],
  form: ["rel"],
};
export const EXTRA_BOOLEAN = new Set(["indeterminate"]);

/** Attributes with a namespace prefix that SVG files in use still carry; newer data has dropped them. */
export const SVG_XML = ["xlink:href", "xlink:title", "xml:lang", "xml:space", "xmlns", "xmlns:xlink"];

/** Elements the parser treats as void: they take no children. (HTML standard, "void elements".) */
export const VOID = new Set(["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]);

/** MathML Core: no data package lists its attributes. */
export const MATHML_GLOBAL = { dir: ["ltr", "rtl"], displaystyle: "word", mathbackground: "text", mathcolor: "text", mathsize: "text", mathvariant: ["normal"], scriptlevel: "text" };
export const MATHML = {
  annotation: { encoding: "text" },
  maction: { actiontype: "text", selection: "text" },
  math: { display: ["block", "inline"], alttext: "text", xmlns: "text" },
  mfrac: { linethickness: "text" },
  mmultiscripts: { subscriptshift: "text", superscriptshift: "text" },
  mo: { form: ["prefix", "infix", "postfix"], fence: "word", separator: "word", lspace: "text", rspace: "text", stretchy: "word", symmetric: "word",
    maxsize: "text", minsize: "text", largeop: "word", movablelimits: "word" },
  mover: { accent: "word" },
  mpadded: { width: "text", height: "text", depth: "text", lspace: "text", voffset: "text" },
  ms: { lquote: "text", rquote: "text" },
  mspace: { width: "text", height: "text", depth: "text" },
  mtable: { columnalign: "text", rowspacing: "text", columnspacing: "text", rowlines: "text", columnlines: "text", frame: "text" },
  mtd: { columnspan: "number", rowspan: "number", columnalign: "text" },
  munder: { accentunder: "word" },
  munderover: { accent: "word", accentunder: "word" },
};

/** Names other frameworks use for an attribute; TypeScript's spelling help does not reach them. */
export const FOREIGN_NAMES = { className: "class", htmlFor: "for", dangerouslySetInnerHTML: "innerHTML", defaultValue: "value", defaultChecked: "checked", onDoubleClick: "onDblclick" };
export const FOREIGN_BY_TAG = { htmlFor: ["label", "output"], defaultValue: ["input", "textarea", "select"], defaultChecked: ["input"] };

/** Words that event names are made of, for the camelCase spelling (`keydown` → `onKeyDown`). */
export const EVENT_WORDS = ["animation", "transition", "fullscreen", "picture", "security", "violation", "selection", "composition", "duration", "iteration",
  "context", "pointer", "capture", "through", "encrypted", "waiting", "metadata", "loaded", "before", "restored", "volume", "policy", "select", "scroll",
  "cancel", "change", "toggle", "update", "webkit", "mouse", "touch", "leave", "enter", "start", "input", "match", "paste", "focus", "press", "wheel", "error",
  "query", "slot", "rate", "load", "lost", "drag", "over", "move", "down", "play", "time", "snap", "menu", "form", "data", "exit", "aux", "dbl", "click", "key", "end",
  "cue", "can", "got", "raw", "run", "out", "for", "in", "up"];

/** Event type → payload, where the DOM's own interface name does not say it. */
export const EVENT_PAYLOADS = { click: "MouseEvent", auxclick: "MouseEvent", contextmenu: "MouseEvent", input: "InputEvent", change: "InputEvent", beforeinput: "InputEvent",
  scroll: "ScrollEvent", scrollend: "ScrollEvent", pointerrawupdate: "PointerEvent" };
/** DOM interface → payload. Any other is an ElementEvent. */
export const PAYLOAD_OF_INTERFACE = { MouseEvent: "MouseEvent", PointerEvent: "PointerEvent", KeyboardEvent: "KeyEvent", SubmitEvent: "SubmitEvent", WheelEvent: "WheelEvent", DragEvent: "DragEvent",
  TouchEvent: "TouchEvent", AnimationEvent: "AnimationEvent", TransitionEvent: "TransitionEvent", ClipboardEvent: "ClipboardEvent", ToggleEvent: "ToggleEvent" };
