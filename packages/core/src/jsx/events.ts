// Payloads of DOM events as handlers on the server get them: plain decoded data, no DOM object.
// Only the fields a handler reads cross the wire. The names that contract.d.ts fixes live in view/types.ts.

import type { ElementEvent, MouseEvent } from "./contract.js";

/**
 * A handler of one event type. null and undefined: the event is ignored.
 *
 * @example
 * const pick: EventHandler<MouseEvent> = (e) => { at.set([e.clientX, e.clientY]); };
 */
export type EventHandler<E extends ElementEvent> = ((event: E) => void) | null | undefined;

/** Pointer events. Sizes in CSS pixels, pressure 0 to 1, tilt in degrees. */
export interface PointerEvent extends MouseEvent {
  pointerId: number;
  pointerType: string;
  isPrimary: boolean;
  pressure: number;
  width: number;
  height: number;
  tiltX: number;
  tiltY: number;
}

/** Wheel events. `deltaMode`: 0 pixels, 1 lines, 2 pages. */
export interface WheelEvent extends MouseEvent {
  deltaX: number;
  deltaY: number;
  deltaMode: number;
}

/** Drag and drop. `data` is the dragged text by MIME type (readable on `drop` alone), `files` describes dropped files. */
export interface DragEvent extends MouseEvent {
  dropEffect: string;
  data: Readonly<Record<string, string>>;
  files: readonly DroppedFile[];
}

/** A dropped or pasted file: its description, not its content. `size` in bytes. */
export interface DroppedFile { readonly name: string; readonly type: string; readonly size: number }

/** One finger on the surface, in CSS pixels from the viewport's top left. */
export interface TouchPoint { readonly id: number; readonly clientX: number; readonly clientY: number }

/** Touch events. */
export interface TouchEvent extends ElementEvent {
  touches: readonly TouchPoint[];
  changedTouches: readonly TouchPoint[];
  ctrlKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

/** Scroll position and sizes of the element, in CSS pixels. */
export interface ScrollEvent extends ElementEvent {
  scrollTop: number;
  scrollLeft: number;
  scrollHeight: number;
  scrollWidth: number;
  clientHeight: number;
  clientWidth: number;
}

/** CSS animation events. `elapsedTime` in seconds. */
export interface AnimationEvent extends ElementEvent {
  animationName: string;
  elapsedTime: number;
  pseudoElement: string;
}

/** CSS transition events. `elapsedTime` in seconds. */
export interface TransitionEvent extends ElementEvent {
  propertyName: string;
  elapsedTime: number;
  pseudoElement: string;
}

/** Copy, cut and paste. `text` is the plain text on `paste`, else empty. */
export interface ClipboardEvent extends ElementEvent {
  text: string;
  files: readonly DroppedFile[];
}

/** `toggle` and `beforetoggle` of details, dialogs and popovers: `"open"` or `"closed"`. */
export interface ToggleEvent extends ElementEvent {
  oldState: string;
  newState: string;
}
