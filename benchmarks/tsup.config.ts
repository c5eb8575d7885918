// Builds the harness for Node, with JSX compiled by our own transform, and the browser part as one script.
import { defineConfig } from "tsup";
import { vango } from "@vango/codegen/esbuild";

export default defineConfig([
  {
    entry: {
      main: "src/main.ts",
      "group-process": "src/group-process.ts",
      "servers/app": "src/servers/app.ts",
      "servers/echo-uws": "src/servers/echo-uws.ts",
      "servers/echo-ws": "src/servers/echo-ws.ts",
      "servers/crowd": "src/servers/crowd.ts",
      "load/node-load": "src/load/node-load.ts",
      "load/crowd": "src/load/crowd.ts",
      "load/abuser": "src/load/abuser.ts",
    },
    format: ["esm"],
    target: "node20",
    platform: "node",
    dts: false,
    sourcemap: true,
    clean: true,
    splitting: true,
    esbuildPlugins: [vango()],
  },
  {
    entry: { "browser/bench": "src/browser/bench.ts" },
    format: ["iife"],
    globalName: "vangoBench",
    target: "es2022",
    platform: "browser",
    dts: false,
    sourcemap: false,
    noExternal: [/.*/],
    minify: true,
  },
]);
