// on(): a handler with options that the browser applies. In JSX the compiler reads the literal options off the call and
// puts them into the template; what is left at run time is the handler.
import type { EventOptions } from "./types.js";

/**
 * Gives an event handler options. In JSX write it inline with literal options.
 *
 * @example
 * <form onSubmit={on({ preventDefault: true }, () => save())}>
 */
export function on<H extends ((e: never) => void) | null | undefined>(_options: EventOptions, handler: H): H {
  // `| null | undefined` lets TypeScript infer the parameter of an inline handler from the attribute, whose type has both
  return handler;
}
