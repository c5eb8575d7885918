// The cell at the top of a session: it owns the page's instance, renders nothing itself and has no boundary above it.
import { Cell } from "../live/cell.js";

export class RootCell extends Cell {
  get label(): string {
    return "the page";
  }
  protected render(): null {
    return null;
  }
  protected fire(): void {
    // The root's slots follow what they read themselves.
  }
}
