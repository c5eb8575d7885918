// Opened and closed issues of the last days as a bar chart in plain SVG; the title of each day says the numbers.
import { each, type View } from "@vango/core";
import type { DayCount } from "../data/repository.js";
import { day, dayOfMonth } from "./words.js";

const height = 132;
const step = 40;

export function Throughput(props: { days: readonly DayCount[] }): View {
  const most = Math.max(1, ...props.days.map((d) => Math.max(d.created, d.closed)));
  const bar = (n: number): number => Math.round((n / most) * height);
  const placed = props.days.map((d, i) => ({ ...d, x: i * step, up: bar(d.created), down: bar(d.closed) }));
  return (
    <svg class="chart" viewBox={`0 0 ${placed.length * step} ${height + 22}`} role="img" aria-label="Opened and closed issues a day">
      <path class="chart-base" d={`M0 ${height + 0.5}H${placed.length * step}`} />
      {each(placed, (d) => d.day, (d) => (
        <g>
          <title>{`${day(d.day)}: ${d.created} opened, ${d.closed} closed`}</title>
          <rect class="bar created" x={d.x + 7} y={height - d.up} width="11" height={d.up} rx="2" />
          <rect class="bar closed" x={d.x + 21} y={height - d.down} width="11" height={d.down} rx="2" />
          <text class="chart-label" x={d.x + step / 2} y={height + 16} text-anchor="middle">{dayOfMonth(d.day)}</text>
        </g>
      ))}
    </svg>
  );
}
