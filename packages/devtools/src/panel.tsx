// The panel: sessions on the left, the patch log on the right. An ordinary page of the framework; it looks at the log four
// times a second, and its own session is not part of the log.
import { component, each, type Signal, type View } from "@vango/core";
import { formatBytes, formatTime, shortId } from "./format.js";
import { DEVTOOLS_LIMITS } from "./limits.js";
import type { FrameRow, SessionLog, SessionRow } from "./session-log.js";

/** Makes the page component for a log. */
export function createPanel(log: SessionLog) {
  return component((setup) => {
    const seen = setup.signal(log.snapshot());
    const paused = setup.signal(false);
    const chosen = setup.signal("");
    const text = setup.signal("");
    const chosenRow = setup.selector(chosen);
    const sessions = setup.memo(() => seen.get().sessions);
    const frames = setup.memo(() => {
      const id = chosen.get();
      const word = text.get().trim().toLowerCase();
      return seen.get().frames.filter((frame) => (id === "" || frame.session === id) && matches(frame, word));
    });
    const live = setup.memo(() => sessions.get().filter(({ state }) => state === "live").length);

    setup.interval(DEVTOOLS_LIMITS.refreshMs, () => {
      if (!paused.peek()) seen.set(log.snapshot());
    });
    const choose = (id: string): void => chosen.set(chosen.peek() === id ? "" : id);
    const clear = (): void => {
      log.clear();
      seen.set(log.snapshot());
    };

    return () => (
      <main class="vdt">
        <header>
          <h1>Vango devtools</h1>
          <p role="status">
            {live.get()} live, {frames.get().length} frames
          </p>
          <Tools paused={paused} text={text} clear={clear} />
        </header>
        <section aria-label="Sessions">
          <h2>Sessions</h2>
          <table>
            <thead>
              <tr>
                <th>Tab</th>
                <th>Route</th>
                <th>Since</th>
                <th>Frames</th>
                <th>Bytes</th>
                <th>Last event</th>
              </tr>
            </thead>
            <tbody>
              {each(
                sessions,
                (session) => session.id,
                (session) => sessionRow(session, chosenRow.is(session.id), () => choose(session.id)),
              )}
            </tbody>
          </table>
          {sessions.get().length === 0 ? <p class="empty">No session yet. Open a page of the app.</p> : null}
        </section>
        <section aria-label="Patches">
          <h2>Patches</h2>
          <ol class="log">
            {each(
              frames,
              (frame) => frame.n,
              (frame) => frameRow(frame),
            )}
          </ol>
          {frames.get().length === 0 ? <p class="empty">{seen.get().frames.length === 0 ? "No patch yet. Click something in the app." : "No patch matches."}</p> : null}
        </section>
      </main>
    );
  }, { name: "DevtoolsPanel" });
}

function matches(frame: FrameRow, word: string): boolean {
  return word === "" || frame.ops.some((op) => op.text.toLowerCase().includes(word));
}

function Tools(props: { readonly paused: Signal<boolean>; readonly text: Signal<string>; readonly clear: () => void }): View {
  const { paused, text, clear } = props;
  return (
    <div class="tools">
      <input type="search" name="filter" aria-label="Filter operations" placeholder="Filter operations" value={text} onInput={(e) => text.set(e.value)} />
      <button type="button" aria-pressed={paused.get()} onClick={() => paused.toggle()}>
        {paused.get() ? "Resume" : "Pause"}
      </button>
      <button type="button" onClick={clear}>
        Clear
      </button>
    </div>
  );
}

function sessionRow(session: SessionRow, chosen: boolean, choose: () => void): View {
  return (
    <tr class={{ chosen, closed: session.state === "closed" }}>
      <td>
        <button type="button" aria-pressed={chosen} title={session.id} onClick={choose}>
          {shortId(session.tab)}
        </button>
      </td>
      <td>{session.route}</td>
      <td>{formatTime(session.connectedAt).slice(0, 8)}</td>
      <td class="n">{session.frames}</td>
      <td class="n">{formatBytes(session.bytes)}</td>
      <td>{session.lastEvent}</td>
    </tr>
  );
}

function frameRow(frame: FrameRow): View {
  return (
    <li>
      <p class="head">
        <time>{formatTime(frame.at)}</time>
        <b>{`seq ${frame.seq}`}</b>
        <span class="n">{formatBytes(frame.bytes)}</span>
        <span class="who" title={frame.session}>
          {shortId(frame.tab)}
        </span>
      </p>
      <pre>{frame.ops.map((op) => op.text).join("\n")}</pre>
      <p class="note" hidden={frame.note === undefined}>
        {frame.note ?? ""}
      </p>
    </li>
  );
}
