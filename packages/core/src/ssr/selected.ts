// `<select value={…}>`: HTML has no such attribute, so SSR marks the option that has the value. Works on our own output, where
// attribute values are quoted and `<` and `>` in them are escaped.
import { escapeAttribute, escapeText } from "./escape.js";

const OPTION = /<option((?:\s[^>]*)?)>([^<]*)/g;
const VALUE = /\svalue="([^"]*)"/;

/** Marks the options with `value` in `html`, which begins inside the select's start tag, up to the select's end. */
export function markSelected(html: string, value: string): string {
  const end = html.indexOf("</select>");
  const inside = end < 0 ? html : html.slice(0, end);
  const asAttribute = escapeAttribute(value);
  const asText = escapeText(value);
  const marked = inside.replace(OPTION, (option: string, attributes: string, text: string) => {
    const own = VALUE.exec(attributes)?.[1];
    const is = own === undefined ? text.trim() === asText : own === asAttribute;
    return is && !/\sselected[\s=>]/.test(`${attributes}>`) ? `<option${attributes} selected>${text}` : option;
  });
  return end < 0 ? marked : marked + html.slice(end);
}
