// The panel's stylesheet, served as a file of its own: the page has no inline style, so a strict CSP holds.

export const STYLE = `
:root { color-scheme: light dark; --bg: light-dark(#f6f7f9, #14161a); --card: light-dark(#fff, #1c1f25); --line: light-dark(#dfe3e8, #2c313a);
  --ink: light-dark(#1b1f24, #e4e7ec); --dim: light-dark(#667080, #8b94a3); --accent: light-dark(#0b63ce, #6aa9ff); }
body { margin: 0; background: var(--bg); color: var(--ink); font: 13px/1.45 system-ui, sans-serif; }
.vdt { display: grid; grid-template: auto 1fr / minmax(320px, 5fr) 7fr; height: 100vh; }
.vdt > header { grid-column: 1 / -1; display: flex; align-items: center; gap: 16px; padding: 8px 16px; background: var(--card); border-bottom: 1px solid var(--line); }
.vdt h1 { margin: 0; font-size: 14px; } .vdt h2 { margin: 0 0 8px; font-size: 12px; color: var(--dim); font-weight: 600; }
.vdt > header p { margin: 0; color: var(--dim); } .vdt .tools { margin-left: auto; display: flex; gap: 8px; }
.vdt input, .vdt button { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 6px; padding: 3px 10px; }
.vdt input { width: 200px; } .vdt button { cursor: pointer; } .vdt button[aria-pressed="true"] { border-color: var(--accent); color: var(--accent); }
.vdt :focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
.vdt > section { padding: 12px 16px; overflow: auto; min-width: 0; } .vdt > section + section { border-left: 1px solid var(--line); }
.vdt table { width: 100%; border-collapse: collapse; } .vdt th { text-align: left; color: var(--dim); font-weight: 500; }
.vdt th, .vdt td { padding: 4px 8px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
.vdt tr.closed { opacity: .5; } .vdt tr.chosen td { background: color-mix(in srgb, var(--accent) 10%, transparent); }
.vdt .n { font-variant-numeric: tabular-nums; } .vdt td button { padding: 0 6px; font-family: ui-monospace, monospace; font-size: 12px; }
.vdt .empty { color: var(--dim); } .vdt .log { list-style: none; margin: 0; padding: 0; }
.vdt .log li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 6px 10px; margin-bottom: 6px; }
.vdt .log .head { display: flex; gap: 12px; margin: 0; color: var(--dim); } .vdt .log .head b { color: var(--ink); font-weight: 600; } .vdt .log .who { margin-left: auto; }
.vdt .log pre { margin: 4px 0 0; font: 12px/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; } .vdt .log .note { margin: 4px 0 0; color: var(--dim); }
@media (max-width: 800px) {
  .vdt { grid-template: auto / minmax(0, 1fr); height: auto; } .vdt > header { flex-wrap: wrap; gap: 8px 16px; } .vdt input { flex: 1; width: auto; min-width: 120px; }
  .vdt > section:last-child { padding-bottom: 72px; /* of the state badge of vango dev */ }
  .vdt .tools { flex: 1 1 100%; margin: 0; } .vdt > section + section { border-left: 0; border-top: 1px solid var(--line); } .vdt .log .head { flex-wrap: wrap; gap: 0 12px; }
}
@media (max-width: 480px) { .vdt th:nth-child(3), .vdt td:nth-child(3) { display: none; } .vdt td:last-child { white-space: normal; overflow-wrap: anywhere; } }
`;
