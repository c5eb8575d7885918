// The second file of the runtime: see part.ts. It keeps its state in its modules; one document installs it once.
import type { Install } from "../part.js";
import { editedControls, restoreControl, scanControls, watchControls, type Value } from "./controls.js";
import { describe } from "./describe.js";
import { readField } from "./fields.js";
import { own, watchForeign } from "./foreign.js";
import { changeUrl, clickLink, here, navigation } from "./links.js";
import { watchStatus } from "./status.js";
import { randomId, reloadAllowed, reloadOnce, tabId } from "./storage.js";

/** Connects this part with the entry. */
export const install: Install = (host) => {
  const nonce = randomId();
  let edited: [Element, Value][];
  let resumed = false;
  watchControls();
  watchStatus();
  watchForeign();
  navigation(host);
  return {
    join(page) {
      // Before the first join the user may have typed into what only the browser knew.
      if (!resumed) scanControls();
      edited = editedControls();
      return { tab: tabId(), nonce, url: here(), now: page && describe(page, host) };
    },
    start() {
      resumed = true;
      reloadAllowed();
      for (const [el, value] of edited)
        if (el.isConnected) {
          restoreControl(el, value);
          if (!host.fire("input", el)) host.fire("change", el);
        }
    },
    own,
    click: (ev) => clickLink(ev, host),
    url: changeUrl,
    field: readField,
    reload: reloadOnce,
  };
};
