// The two built-in templates of docs/architecture.md §3. Their places on the wire are fixed: F is 0, R is 1.
import { defineTemplate } from "./define.js";

/** Wrapper item that holds anything which is not a single view. */
export const F = defineTemplate("F", ["", "<!>"], "! c:0");

/** The document: slot 0 is the range in head, slot 1 the range in body. Statics and paths are symbolic. */
export const R = defineTemplate("R", ["<head>", "<!></head><body>", "<!></body>"], "head,body chead:0.0 cbody:1.0");
