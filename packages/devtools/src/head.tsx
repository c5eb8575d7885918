// Title and stylesheet of the panel.
import type { View } from "@vango/core";

export function createHead(style: string): () => View {
  return () => (
    <>
      <title>Vango devtools</title>
      <link rel="stylesheet" href={style} />
    </>
  );
}
