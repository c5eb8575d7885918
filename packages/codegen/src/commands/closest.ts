// "Did you mean …": the nearest of some names by edit distance.

/** A name that begins with the words of `text`, else the nearest by a few edits (a swap counts two), or undefined. */
export function closest(text: string, names: readonly string[]): string | undefined {
  const longer = names.find((name) => name.startsWith(`${text} `));
  if (longer !== undefined) return longer;
  let best: string | undefined;
  let least = text.length < 4 ? 2 : Math.max(2, Math.floor(text.length / 3)) + 1;
  for (const name of names) {
    const distance = editDistance(text, name);
    if (distance < least) [best, least] = [name, distance];
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next[j] = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
