// Numbers and times as the panel shows them.

export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

/** `hh:mm:ss.mmm` in UTC. */
export function formatTime(at: number): string {
  return new Date(at).toISOString().slice(11, 23);
}

/** The start of an id: enough to tell sessions apart. */
export function shortId(id: string): string {
  return id.length > 10 ? `${id.slice(0, 10)}…` : id;
}
