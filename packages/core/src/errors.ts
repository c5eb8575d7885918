// Catalogue of the errors that core throws or reports. One entry a code; each has a page in docs/errors and a test.
import { VangoError, type ErrorDetail, type ErrorEntry } from "./vango-error.js";

export const CORE_ERRORS = {
  VANGO_OFF_LOOP_WRITE: {
    message: "A signal was written outside its session loop.",
    why: "Only the session loop writes signals. Code after an `await`, in a loader or in a foreign callback has left the loop.",
    fix: "Return the value from setup.resource or setup.action and write it in onSuccess, or wrap the write in ctx.dispatch(() => …).",
  },
  VANGO_WRITE_IN_RENDER: {
    message: "A signal was written while rendering.",
    why: "A render closure, a slot, a memo, a row and a key function are pure: they read state and give a view.",
    fix: "Move the write to an event handler, a timer or an action callback; derive the value with setup.memo if it follows from other state.",
  },
  VANGO_WRITE_IN_SETUP: {
    message: "A signal was written during setup.",
    why: "Setup allocates state and registers lifecycle; it runs before the component is on the page.",
    fix: "Pass the value as the signal's initial value, or write it in setup.onMount(fn, { writes: true }).",
  },
  VANGO_WRITE_IN_EFFECT: {
    message: "A signal was written in an effect that did not declare it.",
    why: "Writes in effects start another cycle of the turn; they are allowed only when declared, so that loops are visible in the code.",
    fix: "Derive the value with setup.memo, or declare the effect with { writes: true }.",
  },
  VANGO_SETUP_CLOSED: {
    message: "Reactive state was allocated after setup had returned.",
    why: "Signals, memos, resources, actions and effects are allocated once per mount, in setup, so that their identity is stable.",
    fix: "Move the call to the top level of the component's setup function.",
  },
  VANGO_SETUP_RESULT: {
    message: "Setup did not return a render function.",
    why: "component(setup) expects setup to return one render closure: () => View.",
    fix: "Return a function from setup: return () => <p>…</p>.",
  },
  VANGO_SETUP_ASYNC: {
    message: "Setup or render returned a promise.",
    why: "Setup and render are synchronous: the loop cannot wait inside them.",
    fix: "Remove async from the function and load data with setup.resource.",
  },
  VANGO_CYCLE: {
    message: "A memo depends on itself.",
    why: "While it was being computed, its own value was read again.",
    fix: "Break the cycle: one of the memos on the path must read a signal instead.",
  },
  VANGO_EFFECT_LOOP: {
    message: "Effects kept writing for 10 cycles of one turn.",
    why: "Each effect write starts another cycle; a turn has at most 10, or the loop would never end.",
    fix: "Make the effect's write converge (compare before writing), or derive the value with setup.memo.",
  },
  VANGO_DUPLICATE_KEY: {
    message: "Two rows of a list have the same key.",
    why: "each() matches rows by key; two rows with one key cannot be told apart.",
    fix: "Give each row a unique, stable key from your data, such as its id.",
  },
  VANGO_BAD_KEY: {
    message: "A list key is not a string or a finite number.",
    why: "Keys are compared and hashed; only strings and finite numbers are stable. NaN often is Number(…) of a text that is no number.",
    fix: "Return an id from the key function: each(list, (item) => item.id, …).",
  },
  VANGO_BAD_CHILD: {
    message: "This value cannot be rendered.",
    why: "A child is a string, number, bigint, view, signal, array of those, or nothing (null, undefined, false).",
    fix: "Render a property of the object, or format it to a string. For `true`, write a condition with both branches.",
  },
  VANGO_BAD_ATTRIBUTE: {
    message: "This value cannot be an attribute.",
    why: "An attribute is a string, number, bigint, boolean or nothing; class also takes arrays and objects, style objects.",
    fix: "Format the value to a string first.",
  },
  VANGO_UNSAFE_URL: {
    message: "A URL attribute was refused.",
    why: "Schemes such as javascript:, vbscript: and data: run code when followed.",
    fix: "Use an http(s), mailto, tel or relative URL. The attribute was left out.",
  },
  VANGO_UNTRUSTED_HTML: {
    message: "innerHTML needs trusted HTML.",
    why: "Raw HTML is inserted as it is, so it must be marked on purpose.",
    fix: "Wrap sanitised HTML in trustedHtml(…).",
  },
  VANGO_PHASE: {
    message: "This call is not allowed here.",
    why: "The call belongs to another phase of a component's life.",
    fix: "See the table of where code runs in the mental model.",
  },
  VANGO_NAVIGATE_IN_RENDER: {
    message: "ctx.navigate was called in setup or render.",
    why: "Rendering is pure: a page that navigates while rendering would navigate again on each change.",
    fix: "Navigate from a handler, an effect or a callback; redirect in middleware before the page renders.",
  },
  VANGO_HANDLER: {
    message: "An event handler threw.",
    why: "The handler's transaction was rolled back: no state changed, and the session goes on.",
    fix: "See the cause; handle the error inside the handler if it is expected.",
  },
  VANGO_RENDER: {
    message: "Rendering threw.",
    why: "A render closure, row, key function or slot threw. The nearest Boundary shows its fallback.",
    fix: "See the cause. Wrap parts that may fail in <Boundary fallback={…}>.",
  },
  VANGO_EFFECT: {
    message: "An effect threw.",
    why: "The state it reacted to is already committed; the effect runs again on its next change.",
    fix: "See the cause; catch errors that are expected inside the effect.",
  },
  VANGO_DISPATCH: {
    message: "A dispatched callback or timer threw.",
    why: "Its transaction was rolled back; the session goes on.",
    fix: "See the cause.",
  },
  VANGO_TURN_ABORTED: {
    message: "The turn that asked for this was rolled back.",
    why: "What a turn starts begins when it commits. The handler, effect or tx that called ctx.dispatch threw, so the callback never runs.",
    fix: "See the error that rolled the turn back, which was reported before; ask again in a turn that commits.",
  },
  VANGO_BUDGET_EXCEEDED: {
    message: "A storm budget of this session is spent.",
    why: "A session may rerun so many effects a turn and start so many loads, actions and latest-only works a second. More of them is a loop of its code.",
    fix: "Find what starts them: an effect that writes what it reads, a key that changes with each render, a run in a fast interval. If the work is meant, raise the limit of that name in createApp({ limits }).",
  },
  VANGO_ACTION_REJECTED: {
    message: "The action refused this run.",
    why: "Its policy bounds what may run or wait at a time: \"drop\" refuses while one runs, \"queue\" when its queue is full. State, result and error stay as they are.",
    fix: "Nothing, when the refusal is meant (a double click). Else use the policy \"latest\" or a longer queue, and tell the user in onRejected.",
  },
  VANGO_DISPOSED: {
    message: "The session has ended.",
    why: "The callback came after its session or component was disposed.",
    fix: "Stop the source in setup.onCleanup, or ignore this error where it is expected.",
  },
  VANGO_SESSION_SCOPE: {
    message: "A session key of a tab was used where there is no tab.",
    why: "Middleware, API routes and page actions without JavaScript have a request only: they know its browser, not the tab.",
    fix: 'Give the key the scope "browser": sessionKey(name, { default, scope: "browser" }); or use it in a component.',
  },
  VANGO_UNKNOWN_TARGET: {
    message: "The event names no live element.",
    why: "Its instance is gone or its slot is not an event slot: the page has changed since the event was captured.",
    fix: "Nothing to do for a stale click; a client that does this all the time is broken or hostile.",
  },
  VANGO_LIST_HELPER: {
    message: "A signal helper was used on a value of another kind.",
    why: "Typed helpers (inc, append, setKey …) check the current value at run time too.",
    fix: "Use set or update, or correct the signal's initial value.",
  },
  VANGO_UNSAFE_KEY: {
    message: "This key cannot be written to a record.",
    why: "`__proto__` names an object's prototype, not an entry of its own: writing it would change what every other key reads.",
    fix: "Keep the value in a Map, where every key is an ordinary one: setup.signal(new Map()). If keys come from users, refuse this one.",
  },
  VANGO_LIST_INDEX: {
    message: "A list helper got an index outside the list.",
    why: "Reading or writing outside the list would leave holes.",
    fix: "Check the index against the list's length before the call.",
  },
  VANGO_BAD_STRUCTURE: {
    message: "The page structure of a join is malformed.",
    why: "The boot blob's structure does not parse: the client is broken, of another version or hostile.",
    fix: "Nothing to do for one client; the page is rendered afresh. If all clients fail, compare the protocol versions.",
  },
  VANGO_JSX_NOT_COMPILED: {
    message: "JSX reached the runtime uncompiled.",
    why: "Vango compiles JSX to templates before it runs; this module was built by the automatic JSX runtime instead.",
    fix: "Set \"jsx\": \"preserve\" in tsconfig.json and add the compiler: vango() from @vango/codegen/vite or @vango/codegen/esbuild, or start Node with --import @vango/codegen/register. Without a build step, use the html`…` tag.",
  },
} as const satisfies Record<`VANGO_${string}`, ErrorEntry>;

export type CoreErrorCode = keyof typeof CORE_ERRORS;

/** Makes an error of core's catalogue. */
export function coreError(
  code: CoreErrorCode,
  detail?: ErrorDetail,
): VangoError {
  return new VangoError(code, CORE_ERRORS[code], detail);
}
