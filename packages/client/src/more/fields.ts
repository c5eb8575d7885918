// Fields of events that are no plain property: form data, dragged and pasted data, files, touch points.
// Invariant: only strings, numbers, null and lists or maps of these are given; undefined for what is not known.

/** What is kept of a file and of a touch point; a touch point's identifier is its id. */
const PARTS = ["name", "type", "size", "clientX", "clientY"];

const part = (from: File | Touch): object => ({
  id: (from as Touch).identifier,
  ...Object.fromEntries(PARTS.filter((name) => name in from).map((name) => [name, from[name as never]])),
});

/** The value of one field. */
export function readField(name: string, ev: Partial<SubmitEvent & DragEvent & ClipboardEvent>): unknown {
  const { type, target, submitter, dataTransfer, clipboardData } = ev;
  const carried = dataTransfer ?? clipboardData;
  if (name === "submitter") return (submitter as HTMLButtonElement | null)?.name || null;
  if (name === "text") return clipboardData?.getData(name);
  if (name === "dropEffect") return dataTransfer?.dropEffect;
  if (name === "data") {
    // The successful controls in tree order, the submitter among them; files go over HTTP.
    if (type === "submit")
      return [...new FormData(target as HTMLFormElement, submitter)].filter(([, value]) => typeof value === "string");
    return dataTransfer && Object.fromEntries(dataTransfer.types.map((mime) => [mime, dataTransfer.getData(mime)]));
  }
  const list = (name === "files" && carried ? carried : name in ev ? ev : target)?.[name as never] as ArrayLike<File> | undefined;
  return list && list.length >= 0 ? Array.from(list, part) : undefined;
}
