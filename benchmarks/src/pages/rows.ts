// Row data of the table page: the words of js-framework-benchmark, from a seeded generator so that runs are comparable.

export interface Row {
  readonly id: number;
  readonly label: string;
}

const ADJECTIVES = ["pretty", "large", "big", "small", "tall", "short", "long", "handsome", "plain", "quaint", "clean", "elegant", "easy", "angry", "crazy", "helpful", "mushy", "odd", "unsightly", "adorable", "important", "inexpensive", "cheap", "expensive", "fancy"];
const COLOURS = ["red", "yellow", "blue", "green", "pink", "brown", "purple", "brown", "white", "black", "orange"];
const NOUNS = ["table", "chair", "house", "bbq", "desk", "car", "pony", "cookie", "sandwich", "burger", "pizza", "mouse", "keyboard"];

/** `count` rows with ids from `first`. */
export function makeRows(count: number, first = 1): Row[] {
  let seed = first * 2654435761;
  const pick = (list: readonly string[]): string => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return list[seed % list.length] as string;
  };
  return Array.from({ length: count }, (_, at) => ({ id: first + at, label: `${pick(ADJECTIVES)} ${pick(COLOURS)} ${pick(NOUNS)}` }));
}
