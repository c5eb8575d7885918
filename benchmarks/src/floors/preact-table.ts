// The table page in preact, for scale: the same elements, a virtual tree per render.
import { h, type ComponentChild } from "preact";
import type { Row } from "../pages/rows.js";

const LINKS = ["Overview", "Projects", "Boards", "Issues", "Activity", "Members", "Reports", "Settings", "Help", "Account"];

export function preactTable(rows: readonly Row[], selected: number): ComponentChild {
  return h("div", { class: "page" }, [
    h("nav", null, LINKS.map((text, at) => h("a", { href: `/p/${at + 1}` }, text))),
    h("h1", null, "Table"),
    h("table", null, h("tbody", null, rows.map((row) => h(TableRow, { key: row.id, row, danger: row.id === selected })))),
    h("footer", null, "Rendered by the server"),
  ]);
}

function TableRow({ row, danger }: { readonly row: Row; readonly danger: boolean }): ComponentChild {
  return h("tr", { class: danger ? "danger" : undefined }, [
    h("td", { class: "c1" }, row.id),
    h("td", { class: "c4" }, h("a", { onClick: () => undefined }, row.label)),
    h("td", { class: "c1" }, h("a", null, h("span", { class: "x", "aria-hidden": "true" }))),
    h("td", { class: "c6" }),
  ]);
}
