// What became of a tab's events, as the tab itself can know it, and what must therefore be true in the end.
import type { ChaosTab, Said } from "./client.js";

/** What one act ended with. */
export interface Outcome {
  /** Acknowledged: nothing was said against it. */
  readonly acknowledged: boolean;
  /** Nobody knows whether it ran. */
  readonly unknown: boolean;
  /** The session lost its process while the act was on its way. */
  readonly lostProcess: boolean;
}

const lossOf = ({ type, detail }: Said): boolean => type === "vango:session" && (detail["how"] === "restored" || detail["how"] === "fresh");

/** Acts once, waits until the page has settled, and says what it ended with. */
export async function outcomeOf(tab: ChaosTab, act: () => Promise<void>): Promise<Outcome> {
  const before = (await tab.said()).length;
  await act();
  await tab.settled();
  const said = (await tab.said()).slice(before);
  const codes = said.filter(({ type }) => type === "vango:error").map(({ detail }) => String(detail["code"]));
  return {
    acknowledged: codes.length === 0,
    unknown: codes.includes("VANGO_EVENT_OUTCOME_UNKNOWN"),
    lostProcess: said.some(lossOf),
  };
}

/** Counts of the clicks on a value that is persisted under `before-ack`, and on one that dies with its process. */
export class ClickLedger {
  clicks = 0;
  acknowledged = 0;
  unknown = 0;
  refused = 0;
  #local = 0;
  #localMaybe = 0;
  #losses = 0;

  async click(tab: ChaosTab): Promise<void> {
    const lost = (await tab.said()).filter(lossOf).length;
    if (lost !== this.#losses) this.#local = this.#localMaybe = 0;
    this.#losses = lost;
    const { acknowledged, unknown, lostProcess } = await outcomeOf(tab, () => tab.click("#inc"));
    this.clicks++;
    if (unknown) this.unknown++;
    else if (acknowledged) this.acknowledged++;
    else this.refused++;
    if (lostProcess) {
      this.#local = 0;
      this.#localMaybe = 1; // it ran before the loss, or after it
      this.#losses = (await tab.said()).filter(lossOf).length;
    } else if (acknowledged) this.#local++;
  }

  /** What is wrong in the end. */
  async problems(tab: ChaosTab): Promise<string[]> {
    const problems: string[] = [];
    const kept = Number(await tab.text("#kept"));
    const local = Number(await tab.text("#local"));
    if (kept < this.acknowledged) problems.push(`${tab.name}: ${this.acknowledged} clicks were acknowledged, ${kept} are there`);
    if (kept > this.acknowledged + this.unknown) problems.push(`${tab.name}: ${kept} clicks are there, ${this.acknowledged} acknowledged and ${this.unknown} unknown`);
    const lost = (await tab.said()).filter(lossOf).length;
    if (lost !== this.#losses) this.#local = this.#localMaybe = 0;
    if (local < this.#local || local > this.#local + this.#localMaybe) problems.push(`${tab.name}: local state is ${local} where ${this.#local} clicks ran since the last announced loss`);
    return problems;
  }
}

/** The comments that a tab wrote to the demo's database. */
export class CommentLedger {
  readonly sent: string[] = [];
  /** The page has shown them as saved. */
  readonly saved: string[] = [];

  constructor(
    readonly name: string,
    /** The page that shows them all. */
    readonly url: string,
  ) {}

  async comment(tab: ChaosTab): Promise<void> {
    const body = `${this.name} says ${this.sent.length}.`;
    this.sent.push(body);
    await outcomeOf(tab, async () => {
      await tab.fill("[data-testid=comment-input]", body);
      await tab.submit(".composer");
    });
    // The commit comes back through the store's change feed.
    for (let i = 0; i < 10; i++) {
      if ((await tab.texts(".comment:not(.pending) .comment-body")).includes(body)) return void this.saved.push(body);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** What is wrong, given the comments in the database. */
  problems(stored: readonly string[]): string[] {
    const own = stored.filter((body) => body.startsWith(`${this.name} says `));
    return [
      ...this.saved.filter((body) => !own.includes(body)).map((body) => `shown as saved, and not in the database: ${body}`),
      ...own.filter((body, i) => own.indexOf(body) !== i).map((body) => `twice in the database: ${body}`),
      ...own.filter((body) => !this.sent.includes(body)).map((body) => `in the database, and sent by nobody: ${body}`),
    ];
  }
}
