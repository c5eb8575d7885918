// `node --import @vango/codegen/register app.tsx`: runs .tsx, .jsx and .ts files directly, with mapped stack traces.
import { register } from "node:module";

process.setSourceMapsEnabled(true);
register("./register-hooks.js", import.meta.url);
