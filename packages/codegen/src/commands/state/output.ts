// How findings are printed; plans are in state/report.
import type { StateFinding } from "../../state/findings.js";
import { formatReport } from "../report.js";

export { planAnnotations } from "../../state/report/annotations.js";
export { planJson } from "../../state/report/json.js";
export { planMarkdown } from "../../state/report/markdown.js";
export { summaryOf } from "../../state/report/summary.js";
export { planText } from "../../state/report/text.js";

export const findingText = ({ code, message, why, fix, frame, file, line, column }: StateFinding): string => formatReport({ title: code, message, at: `${file}:${line}:${column}`, frame, why, fix });
export const findingAnnotation = ({ code, message, file, line, column }: StateFinding, folder = ""): string => `::error file=${folder === "" ? file : `${folder}/${file}`},line=${line},col=${column},title=${code}::${message.replaceAll("%", "%25").replaceAll("\n", "%0A")}`;
