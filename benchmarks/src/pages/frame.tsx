// The frame of both reference pages: ten links, a heading, a footer.
import type { View } from "@vango/core";

export function Frame(props: { readonly title: string; readonly children: View }): View {
  return (
    <div class="page">
      <nav>
        <a href="/p/1">Overview</a>
        <a href="/p/2">Projects</a>
        <a href="/p/3">Boards</a>
        <a href="/p/4">Issues</a>
        <a href="/p/5">Activity</a>
        <a href="/p/6">Members</a>
        <a href="/p/7">Reports</a>
        <a href="/p/8">Settings</a>
        <a href="/p/9">Help</a>
        <a href="/p/10">Account</a>
      </nav>
      <h1>{props.title}</h1>
      {props.children}
      <footer>Rendered by the server</footer>
    </div>
  );
}
