// All icons as one inline SVG sprite, in the page once; `Icon` refers to a symbol by name. In rows of long lists the
// reference is a single attribute slot instead of a nested view.
import type { View } from "@vango/core";
import type { IssueState, Priority } from "../data/records.js";

export type IconName =
  | IssueState | `p-${Priority}`
  | "cairn" | "home" | "list" | "board" | "live" | "plus" | "search" | "pencil" | "up" | "down" | "left" | "right" | "close" | "trash" | "comment" | "book" | "check" | "sort" | "warning";

export function Icon(props: { name: IconName; label?: string }): View {
  return props.label === undefined
    ? <svg class={["icon", `i-${props.name}`]} aria-hidden="true"><use href={`#i-${props.name}`} /></svg>
    : <svg class={["icon", `i-${props.name}`]} role="img" aria-label={props.label}><use href={`#i-${props.name}`} /></svg>;
}

export function Sprite(): View {
  return (
    <svg class="sprite" aria-hidden="true" width="0" height="0">
      <symbol id="i-backlog" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="2.2 2.5" /></symbol>
      <symbol id="i-todo" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" /></symbol>
      <symbol id="i-doing" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" /><path d="M8 4.5a3.5 3.5 0 0 1 0 7z" fill="currentColor" /></symbol>
      <symbol id="i-review" viewBox="0 0 16 16"><circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="1.6" /><path d="M8 4.5A3.5 3.5 0 1 1 4.5 8H8z" fill="currentColor" /></symbol>
      <symbol id="i-done" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="currentColor" /><path d="M5 8.2l2.1 2.1L11 6.1" fill="none" stroke="var(--surface)" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-cancelled" viewBox="0 0 16 16"><circle cx="8" cy="8" r="7" fill="currentColor" /><path d="M5.8 5.8l4.4 4.4m0-4.4l-4.4 4.4" fill="none" stroke="var(--surface)" stroke-width="1.6" stroke-linecap="round" /></symbol>
      <symbol id="i-p-urgent" viewBox="0 0 16 16"><rect x="1.5" y="1.5" width="13" height="13" rx="3" fill="currentColor" /><path d="M8 4.6v4M8 11.2v.2" stroke="var(--surface)" stroke-width="1.8" stroke-linecap="round" /></symbol>
      <symbol id="i-p-high" viewBox="0 0 16 16"><path d="M3 13v-3m5 3V7m5 6V4" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" /></symbol>
      <symbol id="i-p-medium" viewBox="0 0 16 16"><path d="M3 13v-3m5 3V7" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" /><path d="M13 13V4" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" opacity=".25" /></symbol>
      <symbol id="i-p-low" viewBox="0 0 16 16"><path d="M3 13v-3" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" /><path d="M8 13V7m5 6V4" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" opacity=".25" /></symbol>
      <symbol id="i-p-none" viewBox="0 0 16 16"><path d="M3 8h.01M8 8h.01M13 8h.01" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" opacity=".6" /></symbol>
      <symbol id="i-cairn" viewBox="0 0 20 20"><ellipse cx="10" cy="15.6" rx="7.6" ry="2.7" fill="currentColor" opacity=".55" /><ellipse cx="10.6" cy="10.4" rx="5.4" ry="2.3" fill="currentColor" opacity=".8" /><ellipse cx="9.6" cy="5.6" rx="3.4" ry="2" fill="currentColor" /></symbol>
      <symbol id="i-home" viewBox="0 0 16 16"><path d="M2.5 7.2L8 2.6l5.5 4.6v5.6a.7.7 0 0 1-.7.7H9.8V9.6H6.2v3.9h-3a.7.7 0 0 1-.7-.7z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" /></symbol>
      <symbol id="i-list" viewBox="0 0 16 16"><path d="M5.5 4h8m-8 4h8m-8 4h8M2.5 4h.01M2.5 8h.01M2.5 12h.01" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" /></symbol>
      <symbol id="i-board" viewBox="0 0 16 16"><path d="M2.5 3h3v10h-3zm4 0h3v6h-3zm4 0h3v8h-3z" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round" /></symbol>
      <symbol id="i-live" viewBox="0 0 16 16"><circle cx="8" cy="8" r="2" fill="currentColor" /><path d="M4.8 11.2a4.5 4.5 0 0 1 0-6.4m6.4 0a4.5 4.5 0 0 1 0 6.4M2.7 13.3a7.5 7.5 0 0 1 0-10.6m10.6 0a7.5 7.5 0 0 1 0 10.6" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linecap="round" /></symbol>
      <symbol id="i-plus" viewBox="0 0 16 16"><path d="M8 3v10M3 8h10" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" /></symbol>
      <symbol id="i-search" viewBox="0 0 16 16"><circle cx="7" cy="7" r="4.2" fill="none" stroke="currentColor" stroke-width="1.5" /><path d="M10.2 10.2l3.3 3.3" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" /></symbol>
      <symbol id="i-pencil" viewBox="0 0 16 16"><path d="M3 13l.6-2.8 7-7a1.4 1.4 0 0 1 2 2l-7 7z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" /></symbol>
      <symbol id="i-up" viewBox="0 0 16 16"><path d="M8 12.5v-9M4 7.5l4-4 4 4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-down" viewBox="0 0 16 16"><path d="M8 3.5v9M4 8.5l4 4 4-4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-left" viewBox="0 0 16 16"><path d="M12.5 8h-9M7.5 4l-4 4 4 4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-right" viewBox="0 0 16 16"><path d="M3.5 8h9M8.5 4l4 4-4 4" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-close" viewBox="0 0 16 16"><path d="M4 4l8 8m0-8l-8 8" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" /></symbol>
      <symbol id="i-trash" viewBox="0 0 16 16"><path d="M3 4.5h10M6.5 4V2.8h3V4M4.5 4.5l.6 8.7h5.8l.6-8.7" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-comment" viewBox="0 0 16 16"><path d="M2.5 3.5h11v7.6H8.2L5 13.6v-2.5H2.5z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" /></symbol>
      <symbol id="i-book" viewBox="0 0 16 16"><path d="M3 3h4a1.5 1.5 0 0 1 1 .6A1.5 1.5 0 0 1 9 3h4v9.5H9a1.5 1.5 0 0 0-1 .6 1.5 1.5 0 0 0-1-.6H3zM8 4v9" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linejoin="round" /></symbol>
      <symbol id="i-check" viewBox="0 0 16 16"><path d="M3.5 8.4l3 3 6-6.4" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-sort" viewBox="0 0 16 16"><path d="M5 3v10M2.8 10.8L5 13l2.2-2.2M11 13V3M8.8 5.2L11 3l2.2 2.2" fill="none" stroke="currentColor" stroke-width="1.3" stroke-linecap="round" stroke-linejoin="round" /></symbol>
      <symbol id="i-warning" viewBox="0 0 16 16"><path d="M8 2.2l6.2 11H1.8z" fill="none" stroke="currentColor" stroke-width="1.4" stroke-linejoin="round" /><path d="M8 6.4v3.2m0 1.7v.2" stroke="currentColor" stroke-width="1.5" stroke-linecap="round" /></symbol>
    </svg>
  );
}
