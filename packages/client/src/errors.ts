// The catalogue of codes that the browser runtime reports as `vango:error`. It is not part of the bundle, where only code
// and a short message stand; documentation and tools read it. Codes of the decoders and the applier are core's.

/** `code → { message, why, fix }`. */
export const CLIENT_ERRORS = {
  VANGO_BOOT: {
    message: "The page could not be taken over.",
    why: "The boot blob is missing or is no JSON. Something between server and browser has changed the page.",
    fix: "Serve the document as it was rendered: no rewriting proxy, no HTML minifier, no cache that mixes builds.",
  },
  VANGO_FRAME: {
    message: "A message of the server could not be read.",
    why: "Its bytes are no message of this protocol. The connection was given up and is made again.",
    fix: "Check that nothing but Vango answers at /_vango/live. If it happens behind a plain proxy, report it.",
  },
  VANGO_EVENT_GONE: {
    message: "An event did not run: its element had left the page.",
    why: "Between the event and the moment it could be sent, a frame took its element away.",
    fix: "Nothing: running it on another element would be worse. Tell the user if the action matters.",
  },
  VANGO_EVENT_LOST: {
    message: "An event did not run: the connection was lost before it was sent.",
    why: "It was captured while the connection was down, and the server had to make the page anew: its process had ended, or the session had waited too long.",
    fix: "Show the connection state, and disable what must not be pressed in vain: html:not([data-vango=live]) button { … }.",
  },
  VANGO_EVENT_OUTCOME_UNKNOWN: {
    message: "It is unknown whether an event ran.",
    why: "It was sent, and the server's process ended before it was acknowledged. While the process lives this does not happen: events are sent again, and run once.",
    fix: "Show the current state from the server; ask the user before doing something twice.",
  },
  VANGO_EVENT_REFUSED: {
    message: "An event did not run: too many are waiting.",
    why: "64 events wait for the connection, or 128 for the server's acknowledgement.",
    fix: "Throttle events that come in floods (pointermove, scroll); see whether a handler blocks the session.",
  },
} as const satisfies Record<`VANGO_${string}`, { readonly message: string; readonly why: string; readonly fix: string }>;

/** A code of {@link CLIENT_ERRORS}. */
export type ClientErrorCode = keyof typeof CLIENT_ERRORS;
