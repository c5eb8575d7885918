// All figures, in the order they run.
import type { Group } from "../lib/figure.js";
import { browser } from "./browser.js";
import { codec } from "./codec.js";
import { fairness } from "./fairness.js";
import { heap } from "./heap.js";
import { persist } from "./persist.js";
import { plan } from "./plan.js";
import { size } from "./size.js";
import { ssr } from "./ssr.js";
import { transport } from "./transport.js";
import { updates } from "./updates.js";

export const groups: readonly Group[] = [transport, fairness, ...updates, ssr, heap, codec, persist, plan, browser, size];
