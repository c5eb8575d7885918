/**
 * Runs the conformance suite for ws on node:http, on every Node.
 */
import { wsTransport } from "../../src/transport/ws.js";
import { transportConformance } from "./conformance.js";

transportConformance("ws", () => Promise.resolve(wsTransport()));
