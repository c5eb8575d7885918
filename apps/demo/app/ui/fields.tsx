// Selects for the fields of an issue. A select is the one control that works by mouse, keyboard and touch with no script.
import { each, type View } from "@vango/core";
import { isIssueState, isPriority, issueStates, priorities, type IssueState, type Priority } from "../data/records.js";
import { workspace } from "../workspace.js";
import { priorityNames, stateNames } from "./words.js";

interface FieldProps<T> {
  readonly label: string;
  readonly value: T;
  readonly testid: string;
  /** The first option when no value is set, for example "Set state…". */
  readonly placeholder?: string;
  readonly pick: (value: T) => void;
}

export function StateSelect(props: FieldProps<IssueState | "">): View {
  return (
    <select class="select" aria-label={props.label} data-testid={props.testid} onChange={(e) => { if (e.value === "" || isIssueState(e.value)) props.pick(e.value); }}>
      {props.placeholder === undefined ? null : <option value="" selected={props.value === ""}>{props.placeholder}</option>}
      {each(issueStates, (state) => state, (state) => <option value={state} selected={props.value === state}>{stateNames[state]}</option>)}
    </select>
  );
}

export function PrioritySelect(props: FieldProps<Priority | "">): View {
  return (
    <select class="select" aria-label={props.label} data-testid={props.testid} onChange={(e) => { if (e.value === "" || isPriority(e.value)) props.pick(e.value); }}>
      {props.placeholder === undefined ? null : <option value="" selected={props.value === ""}>{props.placeholder}</option>}
      {each(priorities, (priority) => priority, (priority) => <option value={priority} selected={props.value === priority}>{priorityNames[priority]}</option>)}
    </select>
  );
}

export function MemberSelect(props: FieldProps<string | null>): View {
  return (
    <select class="select" aria-label={props.label} data-testid={props.testid} onChange={(e) => props.pick(e.value === "" ? null : e.value)}>
      <option value="" selected={props.value === null}>{props.placeholder ?? "Nobody"}</option>
      {each(workspace().members, (member) => member.id, (member) => <option value={member.id} selected={props.value === member.id}>{member.name}</option>)}
    </select>
  );
}

export function ProjectSelect(props: FieldProps<string>): View {
  return (
    <select class="select" name="project" aria-label={props.label} data-testid={props.testid} onChange={(e) => props.pick(e.value)}>
      {props.placeholder === undefined ? null : <option value="" selected={props.value === ""}>{props.placeholder}</option>}
      {each(workspace().projects, (project) => project.id, (project) => <option value={project.id} selected={props.value === project.id}>{project.name}</option>)}
    </select>
  );
}
