// The types of core that JSX typing stands on, gathered at one place so that the
// generated files import from here only. Types alone: nothing of this exists at run time.

export type {
  Component, ElementEvent, InputEvent, JSXElement, KeyEvent, MouseEvent, ReadonlySignal, SubmitEvent, TrustedHtml, View,
} from "../view/types.js";
