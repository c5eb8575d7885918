// `@vango/client/testing`: the shipped runtime on the light DOM, many documents in one process, with time, chance and network
// given from outside. `@vango/server/testing` stands on it, and so do the chaos and model-based tests.
export { LightBrowser, LightStorage, LightTab, LoadFailed, type BrowserOptions } from "./light-tab.js";
export { LightWindow, type HeardEvent, type VangoOnPage, type WindowWatcher } from "./light-window.js";
export { runtimeOf, type Runtime, type RuntimeFiles } from "./runtime.js";
export { seeded, type Chance, type LightAnswer, type LightClock, type LightNetwork, type Wire, type WireEvents } from "./ports.js";
export { below, closest, formOf, formPairs, isControl, isDisabled, isSubmitter, isToggle } from "./form-controls.js";
