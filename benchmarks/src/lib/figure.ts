// A figure group: figures measured together because they share their runs. Each group runs in a process of its own.
import type { Result } from "./result.js";

export interface Group {
  readonly name: string;
  /** Figures it gives; secondary ids begin with one of these and a dot. */
  readonly ids: readonly string[];
  run(context: Context): Promise<readonly Result[]>;
}

export interface Context {
  /** True if this figure was asked for. */
  wants(id: string): boolean;
  /** Progress for people: goes to stderr. */
  note(text: string): void;
  /** A short run that only shows that the figures work: values mean nothing. */
  readonly smoke: boolean;
}
