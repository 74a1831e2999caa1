// Changes the text of a textarea as if somebody typed it, so that the browser can undo it.

// Replaces the characters from `start` to `end` by `text`, and selects `from` to `to` afterwards.
export function replace(field, start, end, text, from = start + text.length, to = from) {
  field.focus();
  field.setSelectionRange(start, end);
  const command = text ? "insertText" : "delete";
  const isDone = (start === end && !text) || document.execCommand(command, false, text);
  if (!isDone) {
    field.setRangeText(text, start, end);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  field.setSelectionRange(from, to);
}

// Returns the selection of `field` without the spaces at its ends.
export function selection(field) {
  const { value, selectionStart, selectionEnd } = field;
  const chosen = value.slice(selectionStart, selectionEnd);
  const start = selectionStart + (chosen.length - chosen.trimStart().length);
  const text = chosen.trim();
  return text
    ? { start, end: start + text.length, text }
    : { start: selectionStart, end: selectionStart, text: "" };
}

// Returns the whole lines that the selection of `field` touches.
export function lines(field) {
  const { value, selectionStart, selectionEnd } = field;
  const start = value.lastIndexOf("\n", selectionStart - 1) + 1;
  const isAtStart = selectionEnd > selectionStart && value[selectionEnd - 1] === "\n";
  const last = isAtStart ? selectionEnd - 1 : selectionEnd;
  const found = value.indexOf("\n", last);
  const end = found < 0 ? value.length : found;
  return { start, end, text: value.slice(start, end) };
}

// Inserts `text` at `place` as a paragraph of its own; returns where it begins.
export function insertParagraph(field, place, text, from = text.length) {
  const before = field.value.slice(0, place);
  const after = field.value.slice(place);
  const gapBefore = !before || before.endsWith("\n\n") ? "" : before.endsWith("\n") ? "\n" : "\n\n";
  const gapAfter = after.startsWith("\n\n") ? "" : after.startsWith("\n") ? "\n" : "\n\n";
  const start = place + gapBefore.length;
  replace(field, place, place, gapBefore + text + gapAfter, start + from);
  return start;
}
