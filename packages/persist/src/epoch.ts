// Fencing epochs. An epoch is a safe integer, so that every backend and JSON hold it exactly. A record starts at a random
// high epoch and each claim adds one: an owner of a record that was deleted and made again can never match the new one.

/** The fencing token of one owner of one record: a positive safe integer. Compare for equality only. */
export type Epoch = number;

const LOW = 2 ** 40;

/** A random first epoch in [2^40, 2^52 + 2^40): room for 2^52 claims stays below the largest safe integer. */
export function firstEpoch(): Epoch {
  const words = new Uint32Array(2);
  globalThis.crypto.getRandomValues(words);
  return LOW + ((words[0] as number) & 0xfffff) * 2 ** 32 + (words[1] as number);
}

/** The epoch after a claim. */
export function nextEpoch(epoch: Epoch): Epoch {
  return epoch + 1;
}
