// The entry of the bundle: `<script defer src="/_vango/client.<hash>.js" data-base="…">`. Needs no inline script and no
// eval. The second file stands beside it under the same hash: `client-more.<hash>.js`.
import type { Install } from "./part.js";
import { start } from "./start.js";

const { src, dataset } = document.currentScript as HTMLScriptElement;
const url = src.replace("/client.", "/client-more.");
start(async () => ((await import(url)) as { install: Install }).install, dataset.base);
