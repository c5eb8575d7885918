// One client that hurts, in a process of its own. It comes back as a new tab whenever it is closed.
import { openTabs } from "../lib/tabs.js";
import { LoadTab } from "./tab.js";

export type Abuse = "flood" | "storm" | "slow";

export interface AbuserOrder {
  readonly port: number;
  readonly abuse: Abuse;
}

const PATHS: Readonly<Record<Abuse, string>> = { flood: "/", storm: "/storm", slow: "/large" };
/** Bytes that a flood keeps unsent: more would only fill this process. */
const FLOOD_BYTES = 256 * 1024;
const FLOOD_CLICKS = 2000;
const PACE_MS = 5;
/** A client that was closed comes back after this: the first step of the back-off. */
const AGAIN_MS = 1000;

async function hurt(order: AbuserOrder): Promise<void> {
  const { port, abuse } = order;
  const { openings, loop } = await openTabs(port, 1, PATHS[abuse]);
  const opening = openings[0];
  if (opening === undefined || loop.mode !== "click") throw new Error("no tab");
  const again = (): void => void setTimeout(() => void hurt(order), AGAIN_MS);
  let pace: NodeJS.Timeout | undefined = undefined;
  const tab = new LoadTab({
    port,
    opening,
    instance: loop.instance,
    slot: loop.slot,
    onClose: () => {
      clearInterval(pace);
      again();
    },
  });
  try {
    await tab.joined;
  } catch {
    return;
  }
  if (abuse === "slow") tab.stopReading();
  pace = setInterval(() => {
    if (abuse === "flood") tab.burst(FLOOD_CLICKS, FLOOD_BYTES);
    else tab.click();
  }, PACE_MS);
}

process.on("message", (order: AbuserOrder) => {
  void hurt(order).then(() => process.send?.("ready"));
});
process.on("disconnect", () => process.exit(0));
