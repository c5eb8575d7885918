// The data layer's own errors: what the user did wrong, in words a page can show.

export type DataErrorCode = "not-found" | "invalid" | "closed";

export class DataError extends Error {
  readonly code: DataErrorCode;

  constructor(code: DataErrorCode, message: string) {
    super(message);
    this.name = "DataError";
    this.code = code;
  }
}
