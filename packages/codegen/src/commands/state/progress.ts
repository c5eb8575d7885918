// One line on a terminal while something long runs; nothing anywhere else. It is gone when the work is done.

/** Runs work under a line. */
export type Progress = <T>(what: string, work: () => Promise<T>) => Promise<T>;

export function progressOf(stream: { readonly isTTY?: boolean; write(text: string): unknown }): Progress {
  return async (what, work) => {
    if (stream.isTTY !== true) return work();
    stream.write(`\r\u001B[2K${what} …`);
    try {
      return await work();
    } finally {
      stream.write("\r\u001B[2K");
    }
  };
}
