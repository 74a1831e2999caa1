// The formats of Markdown that the toolbar offers, each a function of the textarea.

import { lines, replace, selection } from "./text.js";

const ADDRESS = /^(?:https?:\/\/|mailto:)\S+$/;
const START_OF_ADDRESS = "https://";

// Puts `mark` around the selection, or takes it away.
function around(mark) {
  return (field) => {
    const { start, end, text } = selection(field);
    const { value } = field;
    const size = mark.length;
    // A single star beside the selection may be half of a double one.
    const isMarked = (from, to) =>
      value.slice(from, from + size) === mark &&
      value.slice(to - size, to) === mark &&
      (size > 1 || (value[from - 1] !== mark && value[to] !== mark));
    if (isMarked(start - size, end + size)) {
      replace(field, start - size, end + size, text, start - size, end - size);
    } else if (text.length > 2 * size && text.startsWith(mark) && isMarked(start, end)) {
      replace(field, start, end, text.slice(size, -size), start, end - 2 * size);
    } else {
      replace(field, start, end, mark + text + mark, start + size, end + size);
    }
  };
}

// Puts a mark before each line of the selection, or takes it away where all have it.
function before(pattern, markOf) {
  return (field) => {
    const { start, end, text } = lines(field);
    const rows = text.split("\n");
    const filled = rows.filter((row) => row.trim());
    const isMarked = filled.length > 0 && filled.every((row) => pattern.test(row));
    let number = 0;
    const changed = rows.map((row) => {
      if (isMarked) return row.replace(pattern, "");
      if (!row.trim() && rows.length > 1) return row;
      number += 1;
      return markOf(number) + row;
    });
    const written = changed.join("\n");
    const from = rows.length > 1 ? start : start + written.length;
    replace(field, start, end, written, from, start + written.length);
  };
}

function link(field) {
  const { start, end, text } = selection(field);
  if (ADDRESS.test(text)) {
    replace(field, start, end, `[](${text})`, start + 1);
    return;
  }
  const address = start + text.length + 3;
  const written = `[${text}](${START_OF_ADDRESS})`;
  if (text) replace(field, start, end, written, address, address + START_OF_ADDRESS.length);
  else replace(field, start, end, written, start + 1);
}

// Adds a reference at the cursor and its note at the end, where the cursor goes.
function footnote(field) {
  const place = field.selectionEnd;
  const used = [...field.value.matchAll(/\[\^(\d+)\]/g)].map((match) => Number(match[1]));
  const reference = `[^${Math.max(0, ...used) + 1}]`;
  const end = field.value.trimEnd().length;
  // Beside another note, one line further; else as a paragraph of its own.
  const last = field.value.slice(0, end).split("\n").at(-1);
  const gap = /^\[\^[^\]]+\]:/.test(last) ? "\n" : "\n\n";
  replace(field, Math.max(end, place), field.value.length, `${gap}${reference}: `);
  replace(field, place, place, reference);
  field.setSelectionRange(field.value.length, field.value.length);
  field.scrollTop = field.scrollHeight;
}

export const FORMATS = {
  heading: before(/^#{1,6} +/, () => "## "),
  bold: around("**"),
  italic: around("*"),
  link,
  quote: before(/^> ?/, () => "> "),
  list: before(/^[-*+] +/, () => "- "),
  numbers: before(/^\d+[.)] +/, (number) => `${number}. `),
  footnote,
};
