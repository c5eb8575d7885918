/**
 * WELCOME, and the one frame that brings a page to the server's state where it differs: of a document that joins, and of one
 * that has missed too much.
 */
import { agrees, KnownTemplates, parseStructure, sharedWriter, syncTree, writeCommands } from "@vango/core/internal";
import { encodeWelcome, type Boot, type JoinBody, type WelcomeHow } from "@vango/core/protocol";
import type { LiveSocket } from "../session-port.js";
import type { Session } from "./session.js";

export interface Greeting {
  readonly boot: Boot;
  readonly body: JoinBody;
  readonly how: WelcomeHow;
  /** New epoch: the last event of the document's former epoch that is known to be applied. */
  readonly applied?: number;
  /** Where the page is now, if its address bar says something else. */
  readonly moved?: string;
}

/** Attaches the socket and greets it. Synchronous: no turn runs between what the page is told and what it is sent. */
export function greet(session: Session, socket: LiveSocket, { boot, body, how, applied, moved }: Greeting): void {
  const { loop, delivery, epoch } = session;
  const { now } = body;
  const { buildId } = session.core.router;
  const schema = session.core.state.declared?.fingerprint;
  const { root } = loop;
  if (root === undefined) return;
  const sameEpoch = how === "reconciled";
  const structure = now === undefined ? parseStructure(boot.t, boot.s) : parseStructure(now.t, now.s, now.i, now.k);
  const commands = delivery.takeCommands(sameEpoch ? (body.received ?? 0) : 0);
  loop.known = KnownTemplates.of(structure.templates);
  if (now !== undefined || !agrees(root, boot.h)) {
    loop.nextId = Math.max(loop.nextId, structure.nextId);
    const mark = sharedWriter.mark();
    try {
      syncTree(root, structure.contents, now === undefined ? boot.h : sameEpoch ? "id" : "key", loop);
    } catch (error) {
      // The writer is every session's: nothing of this frame may stay in it.
      sharedWriter.rewind(mark);
      throw error;
    }
  }
  if (commands.length > 0) writeCommands(sharedWriter, commands);
  const sync = !sharedWriter.empty;
  session.attach(socket);
  delivery.restart();
  delivery.say(
    encodeWelcome({
      sid: session.sid,
      epoch,
      how,
      sync,
      ...(delivery.sent === 0 ? {} : { seq: delivery.sent }),
      ...(delivery.received === 0 ? {} : { received: delivery.received }),
      ...(applied === undefined || applied === 0 ? {} : { applied }),
      ...(boot.b === buildId ? {} : { build: buildId }),
      ...(schema === undefined || boot.f === schema ? {} : { schema }),
    }),
  );
  // Until the page has this frame it has not heard them.
  if (commands.length > 0) delivery.keep(commands);
  if (sync) session.sendFrame(loop, sharedWriter);
  delivery.repeatErrors();
  if (moved !== undefined) loop.post(() => loop.url(moved, 1, false));
}
