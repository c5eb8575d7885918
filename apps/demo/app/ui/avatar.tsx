// A person as a coloured circle with initials; nobody is a dashed circle.
import type { View } from "@vango/core";
import type { Member } from "../data/records.js";
import { initials } from "./words.js";

export function Avatar(props: { member: Member | undefined }): View {
  const { member } = props;
  return (
    <span class={["avatar", member === undefined && "avatar-none"]} style={member === undefined ? "" : `--hue:${member.hue}`} title={member?.name ?? "Nobody"}>
      {initials(member)}
    </span>
  );
}
