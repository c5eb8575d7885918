// A project's board: columns by state, cards moved by drag, keyboard or touch. Others' moves arrive through the topic.
import { component, each, Link, type View } from "@vango/core";
import type { Issue, IssueState } from "../../data/records.js";
import { BoardCard } from "../../issues/board-card.js";
import { columns, columnStep } from "../../issues/board-model.js";
import { useIssueUpdates } from "../../issues/updates.js";
import { Avatar } from "../../ui/avatar.js";
import { Me } from "../../ui/me.js";
import { Icon } from "../../ui/sprite.js";
import { Empty, Failed, Loading } from "../../ui/states.js";
import { count, stateNames } from "../../ui/words.js";
import { workspace } from "../../workspace.js";

export const head = (props: { params: { id: string } }): View => <title>{`${workspace().project(props.params.id)?.name ?? "Project"} · Cairn`}</title>;

export const page = component<{ params: { id: string } }>((setup, props) => {
  const me = setup.use(Me);
  const projectId = (): string => props.get().params.id;
  const grabbed = setup.signal<number | null>(null, { name: "grabbed" });
  const limits = setup.signal<Readonly<Record<string, number>>>({}, { name: "limits" });
  const issues = setup.resource<string, readonly Issue[]>({
    key: projectId,
    load: (id) => workspace().repository.issues({ projectId: id, limit: 5000 }),
  });
  const updates = useIssueUpdates(setup, issues, me, (issue) => issue.projectId === props.peek().params.id);
  const board = setup.memo(() => columns(issues.data() ?? [], limits.get()));

  const move = (id: number, state: IssueState): void => updates.update([id], { state });
  const drop = (state: IssueState): void => {
    const id = grabbed.peek();
    grabbed.set(null);
    if (id !== null) move(id, state);
  };
  const more = (state: IssueState): void => limits.setKey(state, (limits.peek()[state] ?? columnStep) + columnStep);

  return () => {
    const project = workspace().project(projectId());
    if (project === undefined) return <div class="page"><Empty icon="search" title="There is no such project"><Link href="/">Overview</Link></Empty></div>;
    return (
      <div class="page board-page">
        <header class="page-head">
          <span class="swatch large" style={`--hue:${project.hue}`}></span>
          <h1>{project.name}</h1>
          <p class="muted">{project.summary}</p>
          <span class="lead push"><Avatar member={workspace().member(project.leadId)} />{workspace().member(project.leadId)?.name}</span>
          <Link href={`/issues/new?project=${project.id}`} class="button"><Icon name="plus" />New issue</Link>
        </header>
        {issues.match({
          pending: () => <Loading label="Loading the board" rows={10} />,
          error: (error, retry) => <Failed what="The board could not be loaded" error={error} retry={retry} />,
          ready: () => (
            <div class="board" data-testid="board">
              {each(board, (column) => column.state, (column) => (
                <section class="board-column" aria-label={stateNames[column.state]} data-testid={`column-${column.state}`} data-drop="card" onDrop={() => drop(column.state)}>
                  <header class="column-head"><Icon name={column.state} /><h2>{stateNames[column.state]}</h2><span class="count" data-testid="column-count">{count(column.total)}</span></header>
                  <ul class="cards">
                    {each(column.cards, (issue) => issue.id, (issue) => <BoardCard issue={issue} grab={(id) => grabbed.set(id)} move={move} />)}
                  </ul>
                  {column.total === 0 ? <p class="muted column-empty">Nothing here.</p> : null}
                  {column.total > column.cards.length
                    ? <button type="button" class="button ghost more" onClick={() => more(column.state)}>{`Show more (${count(column.total - column.cards.length)})`}</button>
                    : null}
                </section>
              ))}
            </div>
          ),
        })}
      </div>
    );
  };
}, { name: "Board" });
