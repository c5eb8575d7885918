// Local state, a control, and a text and rows that another tab changes, in whatever process it is.
import { component, each } from "@vango/core";

export const page = component((setup) => {
  const text = setup.globalSignal("board.text", "start");
  const rows = setup.globalSignal<readonly number[]>("board.rows", [1, 2, 3]);
  const clicked = setup.signal<readonly number[]>([]);
  const n = setup.signal(0);
  const typed = setup.signal("");
  return () => (
    <main>
      <p id="text">{text.get()}</p>
      <button id="inc" onClick={() => n.inc()}>{n.get()}</button>
      <input id="typed" value={typed.get()} onInput={(e) => typed.set(e.value)} />
      <p id="heard">{typed.get()}</p>
      <input id="say" onInput={(e) => text.set(e.value)} />
      <button id="remove" onClick={() => rows.set(rows.peek().filter((row) => row !== 2))}>remove</button>
      <ul>{each(rows, (row) => row, (row) => <li id={`r${row}`} onClick={() => clicked.append(row)}>{row}</li>)}</ul>
      <p id="clicked">{clicked.get().join()}</p>
      <p id="user">{(setup.ctx.user as { readonly id: string } | undefined)?.id ?? "guest"}</p>
      <div style="height:3000px">tall</div>
    </main>
  );
});
