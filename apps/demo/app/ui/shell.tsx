// The frame around every page of the product: sidebar, navigation, the picker of who you are.
import { component, each, Link, type Signal, type View } from "@vango/core";
import { workspace } from "../workspace.js";
import { Avatar } from "./avatar.js";
import { Icon, type IconName } from "./sprite.js";

interface ShellProps {
  readonly me: Signal<string>;
  readonly children?: View;
}

export const Shell = component<ShellProps>((setup, props) => {
  const path = (): string => setup.ctx.route.path;
  return () => (
    <div class="app">
      <a class="skip" href="#main">Skip to content</a>
      <aside class="sidebar">
        <div class="brand">
          <Icon name="cairn" />
          <span>Cairn</span>
          <span class="connection" title="Connection" aria-hidden="true"></span>
        </div>
        <Link href="/issues/new" class="button primary new-issue"><Icon name="plus" />New issue</Link>
        <nav class="nav" aria-label="Main">
          {NavLink({ href: "/", icon: "home", text: "Overview", current: path() === "/" })}
          {NavLink({ href: "/issues", icon: "list", text: "Issues", current: path().startsWith("/issues") })}
          {NavLink({ href: "/live", icon: "live", text: "Release room", current: path() === "/live" })}
          <h2 class="nav-title">Projects</h2>
          {each(workspace().projects, (project) => project.id, (project) => (
            <Link href={`/projects/${project.id}`} class={path() === `/projects/${project.id}` ? "nav-link current" : "nav-link"}>
              <span class="swatch" style={`--hue:${project.hue}`}></span>{project.name}
            </Link>
          ))}
          <h2 class="nav-title">Reference</h2>
          {NavLink({ href: "/docs/counter", icon: "book", text: "Counter", current: path() === "/docs/counter" })}
          {NavLink({ href: "/docs/rows", icon: "list", text: "Rows", current: path() === "/docs/rows" })}
        </nav>
        <label class="who">
          <Avatar member={workspace().member(props.get().me.get())} />
          <span class="who-text">Acting as</span>
          <select aria-label="Acting as" data-testid="me" onChange={(e) => props.peek().me.set(e.value)}>
            {each(workspace().members, (member) => member.id, (member) => (
              <option value={member.id} selected={member.id === props.get().me.get()}>{member.name}</option>
            ))}
          </select>
        </label>
      </aside>
      <p class="lost" aria-hidden="true">Connection lost. Trying again…</p>
      <main class="main" id="main" tabindex="-1">{props.get().children}</main>
    </div>
  );
});

function NavLink(props: { href: string; icon: IconName; text: string; current: boolean }): View {
  return <Link href={props.href} class={props.current ? "nav-link current" : "nav-link"}><Icon name={props.icon} />{props.text}</Link>;
}
