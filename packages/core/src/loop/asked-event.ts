// The event whose turn runs. Turns do not nest and this happens once a click, so there is one object and one body for all of
// them instead of a closure each.

/** Makes the event that a handler gets from the DOM type of its slot and the payload that came. */
export type Shape = (type: string, payload: unknown) => unknown;

/** The loop, as far as the body needs it. */
interface Handles {
  handle(e: AskedEvent): unknown;
}

export interface AskedEvent {
  loop: Handles | undefined;
  instance: number;
  slot: number;
  shape: Shape;
  payload: unknown;
  /** Set when the page never had what the event names. */
  missing: boolean;
}

export const asked: AskedEvent = { loop: undefined, instance: 0, slot: 0, shape: (type) => ({ type }), payload: undefined, missing: false };

export const runEvent = (): unknown => asked.loop?.handle(asked);
