// One click counts twice: in a value that is persisted, and in one that dies with its process.
import { component } from "@vango/core";

export const page = component((setup) => {
  const kept = setup.sharedSignal("chaos.kept", 0);
  const local = setup.signal(0);
  return () => (
    <main>
      <button id="inc" onClick={() => { kept.inc(); local.inc(); }}>count</button>
      <p id="kept">{kept.get()}</p>
      <p id="local">{local.get()}</p>
    </main>
  );
});
