// publint on the packed tarballs: what a bundler and Node will find there. Suggestions do not fail, errors and warnings do.
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { tarballs } from "./tarballs.mjs";

export async function check() {
  /** @type {string[]} */
  const problems = [];
  for (const { member, bytes } of await tarballs()) {
    const tarball = new Uint8Array(bytes).buffer;
    const { messages, pkg } = await publint({ pack: { tarball }, level: "warning", strict: true });
    for (const message of messages) problems.push(`${member.name}: ${formatMessage(message, pkg, { color: false }) ?? message.code}`);
  }
  return { problems };
}
