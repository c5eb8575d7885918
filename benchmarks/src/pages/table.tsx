// The table page: rows of eight elements with an id, a label with a handler, and a class.
import { component, each, type Signal } from "@vango/core";
import { Frame } from "./frame.js";
import type { Row } from "./rows.js";

export interface TableControls {
  readonly rows: Signal<readonly Row[]>;
  readonly selected: Signal<number>;
}

/** Rows with a keyed selector and a handler each. */
export function tablePage(initial: readonly Row[], expose?: (controls: TableControls) => void) {
  return component((setup) => {
    const rows = setup.signal<readonly Row[]>(initial);
    const selected = setup.signal(0);
    const selection = setup.selector(selected);
    expose?.({ rows, selected });
    return () => (
      <Frame title="Table">
        <table>
          <tbody>
            {each(
              rows,
              (row) => row.id,
              (row) => (
                <tr class={{ danger: selection.is(row.id) }}>
                  <td class="c1">{row.id}</td>
                  <td class="c4">
                    <a onClick={() => selected.set(row.id)}>{row.label}</a>
                  </td>
                  <td class="c1">
                    <a>
                      <span class="x" aria-hidden="true"></span>
                    </a>
                  </td>
                  <td class="c6"></td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </Frame>
    );
  });
}

/** Rows with a handler each and nothing reactive of their own. */
export function plainTablePage(initial: readonly Row[], expose?: (controls: TableControls) => void) {
  return component((setup) => {
    const rows = setup.signal<readonly Row[]>(initial);
    const selected = setup.signal(0);
    expose?.({ rows, selected });
    return () => (
      <Frame title="Table">
        <table>
          <tbody>
            {each(
              rows,
              (row) => row.id,
              (row) => (
                <tr>
                  <td class="c1">{row.id}</td>
                  <td class="c4">
                    <a onClick={() => selected.set(row.id)}>{row.label}</a>
                  </td>
                  <td class="c1">
                    <a>
                      <span class="x" aria-hidden="true"></span>
                    </a>
                  </td>
                  <td class="c6"></td>
                </tr>
              ),
            )}
          </tbody>
        </table>
      </Frame>
    );
  });
}

export interface CellControls {
  readonly cells: readonly Signal<string>[];
}

/** Rows whose label is a signal of its own: an update of one must not depend on how many there are. */
export function cellTablePage(count: number, expose: (controls: CellControls) => void) {
  return component((setup) => {
    const cells: Signal<string>[] = [];
    const Cell = component<{ id: number }>((own, props) => {
      const label = own.signal(`label ${props.peek().id}`);
      cells.push(label);
      return () => (
        <tr>
          <td>{props.get().id}</td>
          <td>{label}</td>
        </tr>
      );
    });
    const ids = Array.from({ length: count }, (_, at) => at + 1);
    setup.onMount(() => expose({ cells }));
    return () => (
      <table>
        <tbody>
          {each(
            ids,
            (id) => id,
            (id) => (
              <Cell id={id} />
            ),
          )}
        </tbody>
      </table>
    );
  });
}
