// The documentation site: navigation in the order in which people learn, errors found by their code.
import { readdirSync } from "node:fs";
import { defineConfig } from "vitepress";

const stateRules = readdirSync(new URL("../reference/state-rules", import.meta.url)).map((name) => name.replace(".md", "")).filter((name) => name !== "index").sort();
const errors = readdirSync(new URL("../errors", import.meta.url)).filter((name) => name.startsWith("VANGO_")).map((name) => name.replace(".md", ""));

export default defineConfig({
  title: "Vango",
  description: "Server-driven UI for TypeScript: the server owns state, the page is a projection of signals, patches of a few bytes keep it true.",
  base: process.env["DOCS_BASE"] ?? "/",
  lang: "en",
  cleanUrls: true,
  lastUpdated: false,
  themeConfig: {
    nav: [
      { text: "Start", link: "/start/getting-started" },
      { text: "Guide", link: "/guide/components-and-setup" },
      { text: "Reference", link: "/reference/protocol" },
      { text: "Errors", link: "/errors/" },
      { text: "Why", link: "/why/comparison" },
    ],
    sidebar: [
      { text: "1 Start", items: [
        { text: "1.1 Getting started", link: "/start/getting-started" },
        { text: "1.2 Mental model", link: "/start/mental-model" },
      ] },
      { text: "2 Guide", items: [
        { text: "2.1 Components and setup", link: "/guide/components-and-setup" },
        { text: "2.2 State and async work", link: "/guide/state-and-async" },
        { text: "2.3 Rendering and lists", link: "/guide/rendering-and-lists" },
        { text: "2.4 Events", link: "/guide/events" },
        { text: "2.5 Routing", link: "/guide/routing" },
        { text: "2.6 Testing", link: "/guide/testing" },
        { text: "2.7 Reconnect and resume", link: "/guide/reconnect" },
        { text: "2.8 In production", link: "/guide/production" },
        { text: "2.9 Observability", link: "/guide/observability" },
        { text: "2.10 Logins", link: "/guide/logins" },
        { text: "2.11 State that lasts", link: "/guide/state-that-lasts" },
        { text: "2.12 Deploys", link: "/guide/deploys" },
        { text: "2.13 A change of persisted state", link: "/guide/state-checklist" },
      ] },
      { text: "3 Reference", items: [
        { text: "3.1 The wire protocol", link: "/reference/protocol" },
        { text: "3.2 Limits", link: "/reference/limits" },
        { text: "3.3 Commands", link: "/reference/commands" },
        { text: "3.4 Lint rules", link: "/reference/lint" },
        { text: "3.5 State rules", link: "/reference/state-rules/", collapsed: true, items: stateRules.map((rule) => ({ text: rule, link: `/reference/state-rules/${rule}` })) },
        { text: "3.6 Errors", link: "/errors/", collapsed: true, items: errors.map((code) => ({ text: code.replace("VANGO_", ""), link: `/errors/${code}` })) },
      ] },
      { text: "4 Why and how", items: [
        { text: "4.1 Architecture", link: "/architecture" },
        { text: "4.2 Benchmarks", link: "/why/benchmarks" },
        { text: "4.3 Comparison and limits", link: "/why/comparison" },
      ] },
    ],
    search: { provider: "local" },
    outline: [2, 3],
  },
});
