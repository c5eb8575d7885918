// Public API of @vango/core.

// ---- components and views
export { component } from "./view/component.js";
export { each } from "./view/each.js";
export { on } from "./view/on.js";
export { html } from "./template/html.js";
export { Boundary } from "./view/boundary.js";
export { Link } from "./view/link.js";
export { createContext } from "./view/context.js";
export { trustedHtml } from "./view/trusted-html.js";

// ---- state
export { tx } from "./reactive/tx.js";
export { untrack } from "./reactive/system.js";
export { sessionKey, type HttpOnlyCtx, type SessionKey } from "./loop/shared-cells.js";

// ---- errors
export { VangoError } from "./vango-error.js";

// ---- types
export type {
  Component, Context, EventOptions, ElementEvent, InputEvent, JSXElement, KeyEvent, MouseEvent, PersistOptions, ReadonlySignal,
  Selector, Signal, SignalOptions, SubmitEvent, TrustedHtml, View,
} from "./view/types.js";
export type {
  Action, ActionContext, ActionOptions, Ctx, Latest, LatestOptions, PersistError, Resource, ResourceOptions, Setup,
} from "./setup/types.js";
export type {
  AnimationEvent, ClipboardEvent, DragEvent, DroppedFile, EventHandler, PointerEvent, ScrollEvent, ToggleEvent, TouchEvent, TouchPoint,
  TransitionEvent, WheelEvent,
} from "./jsx/events.js";
export type { Attribute, ClassValue, StyleObject, StyleValue } from "./jsx/attribute-values.js";
