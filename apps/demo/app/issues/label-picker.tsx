// Labels as toggle chips.
import { each, type Signal, type View } from "@vango/core";

export function LabelPicker({ names, picked }: { names: readonly string[]; picked: Signal<readonly string[]> }): View {
  const toggle = (name: string): void => picked.update((old) => (old.includes(name) ? old.filter((n) => n !== name) : [...old, name]));
  return (
    <fieldset class="chips">
      <legend>Labels</legend>
      {each(names, (name) => name, (name) => (
        <button type="button" class="chip" aria-pressed={picked.get().includes(name)} onClick={() => toggle(name)}>{name}</button>
      ))}
    </fieldset>
  );
}
