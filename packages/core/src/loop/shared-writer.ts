// The one frame writer of the process. A flush is synchronous and ends with its frame sent, so no two loops share it in time.
import { FrameWriter } from "../protocol/writer.js";

export const sharedWriter = new FrameWriter();
