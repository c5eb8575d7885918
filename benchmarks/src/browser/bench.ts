// What runs in Chromium: the framework's applier and take-over against hand-written DOM code and morphdom, on equal data.
// Figures are milliseconds of JavaScript, no layout; every repetition starts from the same document.
import { applyFrame, takeOver, type Boot, type DomDocument, type Effects } from "@vango/core/protocol";
import morphdomModule from "morphdom";

export interface RowData {
  readonly id: number;
  readonly label: string;
}

export interface BrowserInput {
  /** The whole table page as the server sent it, and the same page without rows. */
  readonly fullHtml: string;
  readonly emptyHtml: string;
  readonly rowHtml: string;
  readonly rows: readonly RowData[];
  /** Frames as arrays of bytes: 1,000 rows into the empty page, and two that change every tenth label back and forth. */
  readonly create: readonly number[];
  readonly tenth: readonly (readonly number[])[];
  readonly tenthLabels: readonly (readonly string[])[];
  readonly repeat: number;
}

export interface BrowserFigures {
  readonly createVango: number[];
  readonly createCompiled: number[];
  readonly createOps: number[];
  readonly tenthVango: number[];
  readonly tenthCached: number[];
  readonly tenthMorphdom: number[];
  readonly takeOver: number[];
  /** The candidate's DOM equals the floor's after create and after the updates. */
  readonly equal: boolean;
}

const NOTHING: Effects = { url: () => undefined, emit: () => undefined, event: () => undefined };
// Its types describe a CommonJS module; the bundle takes the ES one.
const morphdom = morphdomModule as unknown as (from: Node, to: string) => Node;
const doc = document as unknown as DomDocument;
/** Kind, sequence number and acknowledgement stand before the frame's body. */
const BODY = 3;

function load(html: string): Boot {
  document.documentElement.innerHTML = /<html[^>]*>([\s\S]*)<\/html>/.exec(html)?.[1] ?? html;
  const script = document.getElementById("vango-boot");
  if (script === null) throw new Error("the page has no boot blob");
  return JSON.parse(script.textContent ?? "") as Boot;
}

/**
 * The document is laid out first, as a page that is looked at is, and the garbage of making it is collected: a scavenge with
 * many DOM wrappers costs more than what is measured. The layout after `run` is not counted.
 */
function timed(run: () => void): number {
  void document.body.offsetHeight;
  (globalThis as { gc?: (options: { type: "minor" }) => void }).gc?.({ type: "minor" });
  const began = performance.now();
  run();
  return performance.now() - began;
}

/** The least a client could do: a template cloned, its three places reached by compiled steps. */
function compiledRows(template: HTMLTemplateElement, rows: readonly RowData[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const proto = template.content.firstChild as HTMLElement;
  for (const row of rows) {
    const tr = proto.cloneNode(true) as HTMLElement;
    const first = tr.firstChild as HTMLElement;
    first.textContent = String(row.id);
    ((first.nextSibling as HTMLElement).firstChild as HTMLElement).textContent = row.label;
    fragment.append(tr);
  }
  return fragment;
}

function createdRows(rows: readonly RowData[]): DocumentFragment {
  const fragment = document.createDocumentFragment();
  const element = (name: string, attributes: Readonly<Record<string, string>>, children: readonly (Node | string)[]): HTMLElement => {
    const el = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) el.setAttribute(key, value);
    el.append(...children);
    return el;
  };
  for (const row of rows) {
    fragment.append(
      element("tr", {}, [
        element("td", { class: "c1" }, [String(row.id)]),
        element("td", { class: "c4" }, [element("a", {}, [row.label])]),
        element("td", { class: "c1" }, [element("a", {}, [element("span", { class: "x", "aria-hidden": "true" }, [])])]),
        element("td", { class: "c6" }, []),
      ]),
    );
  }
  return fragment;
}

function labelNodes(): Text[] {
  const nodes: Text[] = [];
  document.querySelectorAll("tbody > tr").forEach((tr, at) => {
    if (at % 10 === 0) nodes.push(tr.querySelector("td.c4 > a")?.firstChild as Text);
  });
  return nodes;
}

const text = (): string => document.querySelector("tbody")?.textContent ?? "";

/** Runs everything `repeat` times, candidates and floors in turn. */
export function run(input: BrowserInput): BrowserFigures {
  const create = Uint8Array.from(input.create);
  const tenth = input.tenth.map((bytes) => Uint8Array.from(bytes));
  const template = document.createElement("template");
  template.innerHTML = input.rowHtml;
  const figures = { createVango: [], createCompiled: [], createOps: [], tenthVango: [], tenthCached: [], tenthMorphdom: [], takeOver: [] } as Record<Exclude<keyof BrowserFigures, "equal">, number[]>;
  let equal = true;
  for (let round = 0; round < input.repeat; round++) {
    const emptyBoot = load(input.emptyHtml);
    const page = takeOver(doc, emptyBoot);
    figures.createVango.push(timed(() => applyFrame(page, create, BODY, NOTHING)));
    const created = text();

    load(input.emptyHtml);
    const body = document.querySelector("tbody") as HTMLElement;
    figures.createCompiled.push(timed(() => body.append(compiledRows(template, input.rows))));
    equal &&= created === text();

    load(input.emptyHtml);
    const other = document.querySelector("tbody") as HTMLElement;
    figures.createOps.push(timed(() => other.append(createdRows(input.rows))));

    const boot = load(input.fullHtml);
    let taken = undefined as unknown as ReturnType<typeof takeOver>;
    figures.takeOver.push(timed(() => (taken = takeOver(doc, boot))));
    // The first pass finds the slots, the second has them: the figure is the second.
    applyFrame(taken, tenth[0] as Uint8Array, BODY, NOTHING);
    figures.tenthVango.push(timed(() => applyFrame(taken, tenth[1] as Uint8Array, BODY, NOTHING)));
    const updated = text();
    const target = (document.querySelector("table") as HTMLElement).outerHTML;

    load(input.fullHtml);
    const nodes = labelNodes();
    const set = (labels: readonly string[]): void => {
      for (let at = 0; at < nodes.length; at++) (nodes[at] as Text).data = labels[at] as string;
    };
    set(input.tenthLabels[0] as readonly string[]);
    figures.tenthCached.push(timed(() => set(input.tenthLabels[1] as readonly string[])));
    equal &&= updated === text();

    load(input.fullHtml);
    const live = document.querySelector("table") as HTMLElement;
    figures.tenthMorphdom.push(timed(() => void morphdom(live, target)));
    equal &&= updated === text();
  }
  return { ...figures, equal };
}
