// What is wrong with an app's persisted state, with its place and the way out.
import { codeFrame, placeOf } from "@vango/core/internal";
import { STATE_ERRORS, type StateErrorCode } from "./errors.js";
import type { Place } from "./state-entry.js";

export interface StateFinding extends Place {
  readonly code: StateErrorCode;
  readonly message: string;
  readonly why: string;
  readonly fix: string;
  readonly frame: string;
  /** The other place, where two disagree: `file:line:column`. */
  readonly related?: string;
}

/** Where a finding stands: a file's text, and an offset in it. */
export interface FindingPlace {
  readonly file: string;
  readonly text: string;
  readonly offset: number;
}

export function finding(code: StateErrorCode, { file, text, offset }: FindingPlace, detail: string, more: { readonly fix?: string; readonly related?: string } = {}): StateFinding {
  const { message, why, fix } = STATE_ERRORS[code];
  const { line, column } = placeOf(text, offset);
  return { code, file, line, column, message: `${message} ${detail}`, why, fix: more.fix ?? fix, frame: codeFrame(text, offset), ...(more.related === undefined ? {} : { related: more.related }) };
}

export const placeText = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;
