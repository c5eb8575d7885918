// How records read on a page: names of states and priorities, dates, counts, initials. Pure; dates are UTC, so that
// the server and a second render agree.
import type { IssueState, Member, Priority } from "../data/records.js";

export const stateNames: Readonly<Record<IssueState, string>> = {
  backlog: "Backlog", todo: "To do", doing: "In progress", review: "In review", done: "Done", cancelled: "Cancelled",
};

export const priorityNames: Readonly<Record<Priority, string>> = {
  urgent: "Urgent", high: "High", medium: "Medium", low: "Low", none: "No priority",
};

const shortDate = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
const fullDate = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const longDate = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: "UTC" });
const numbers = new Intl.NumberFormat("en-GB");

/** Day and month, and the year unless it is the one of `now`. */
export function day(at: number, now = Date.now()): string {
  return (yearOf(at) === yearOf(now) ? shortDate : fullDate).format(at);
}

/** Day and month alone, for a row of days that speaks for itself. */
export function dayOfMonth(at: number): string {
  return shortDate.format(at);
}

function yearOf(at: number): number {
  return new Date(at).getUTCFullYear();
}

/** Date and time, UTC. */
export function moment(at: number): string {
  return longDate.format(at);
}

export function iso(at: number): string {
  return new Date(at).toISOString();
}

export function count(n: number): string {
  return numbers.format(n);
}

export function plural(n: number, one: string, many = `${one}s`): string {
  return `${count(n)} ${n === 1 ? one : many}`;
}

/** "just now", "4m", "3h", "2d", then a date. */
export function ago(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes}m`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)}h`;
  if (minutes < 7 * 24 * 60) return `${Math.floor(minutes / 1440)}d`;
  return day(at, now);
}

export function initials(member: Member | undefined): string {
  if (member === undefined) return "";
  const parts = member.name.split(" ");
  return `${parts[0]?.charAt(0) ?? ""}${parts.at(-1)?.charAt(0) ?? ""}`;
}
