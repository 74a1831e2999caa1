// The toolbar above a text: one stop of the Tab key, arrow keys between its buttons (the pattern of
// the ARIA practices), and keys for the formats used most.

import { FORMATS } from "./formats.js";

const KEYS = { b: "bold", i: "italic", k: "link" };

function step(buttons, key) {
  const at = buttons.indexOf(document.activeElement);
  const isReversed = getComputedStyle(buttons[0]).direction === "rtl";
  const next = isReversed ? "ArrowLeft" : "ArrowRight";
  const previous = isReversed ? "ArrowRight" : "ArrowLeft";
  const last = buttons.length - 1;
  if (key === next) return buttons[at < last ? at + 1 : 0];
  if (key === previous) return buttons[at > 0 ? at - 1 : last];
  return { Home: buttons[0], End: buttons[last] }[key];
}

export function useToolbar(bar, field) {
  const buttons = [...bar.querySelectorAll("button")];
  const stopAt = (button) => {
    for (const each of buttons) each.tabIndex = each === button ? 0 : -1;
  };
  stopAt(buttons[0]);
  // After its label, where a reader of the page meets it before the text.
  field.before(bar);
  bar.hidden = false;

  bar.addEventListener("focusin", ({ target }) => stopAt(target));
  bar.addEventListener("keydown", (event) => {
    const target = step(buttons, event.key);
    if (!target) return;
    event.preventDefault();
    target.focus();
  });
  // A press with the mouse leaves the selection of the text as it is.
  bar.addEventListener("mousedown", (event) => event.preventDefault());
  bar.addEventListener("click", ({ target }) => {
    const format = FORMATS[target.closest("button")?.dataset.format];
    if (format) format(field);
  });
  field.addEventListener("keydown", (event) => {
    const isChord = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    const format = isChord && FORMATS[KEYS[event.key.toLowerCase()]];
    if (!format) return;
    event.preventDefault();
    format(field);
  });
}
