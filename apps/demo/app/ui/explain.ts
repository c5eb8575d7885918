// What a person is told about an error: the data layer's own words, or a plain sentence. Never what a driver said.
import { DataError } from "../data/errors.js";

export function explain(error: unknown, otherwise: string): string {
  return error instanceof DataError ? error.message : otherwise;
}
