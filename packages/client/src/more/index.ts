// The second file of the runtime: see part.ts. It keeps its state in its modules; one document installs it once.
import type { Install } from "../part.js";
import { decodePayload, pushPayload } from "./codec.js";
import { edit, keep, sendEdits, watchControls } from "./controls.js";
import { readField } from "./fields.js";
import { answer, hello, joined, watchLeaving } from "./hello.js";
import { setHost } from "./host.js";
import { askAgain, askKeys } from "./keys.js";
import { changeUrl, clickLink, navigation } from "./links.js";
import { watchStatus } from "./status.js";

/** Connects this part with the entry. */
export const install: Install = (host) => {
  setHost(host);
  watchControls();
  watchLeaving();
  watchStatus();
  navigation();
  return {
    hello,
    receive: answer,
    start() {
      sendEdits();
      joined();
      askAgain();
    },
    edit,
    keep,
    applied: askKeys,
    click: clickLink,
    url: changeUrl,
    field: readField,
    push: pushPayload,
    decode: decodePayload,
  };
};
