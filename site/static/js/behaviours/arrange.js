// Orders the rows of a form by drag and by arrows without sending it. The server takes their order
// on the page as theirs; every button that moves a row also works without this.

import { say } from "../announce.js";

const rowsOf = (list) => [...list.querySelectorAll("[data-row]")];

// Returns the row of `list` above which `row` belongs when it is held at the height `y`. Of an open
// row only its head counts.
function rowBelow(list, row, y) {
  return rowsOf(list).find((other) => {
    const { top, height } = other.querySelector("summary").getBoundingClientRect();
    return other !== row && y < top + height / 2;
  });
}

function settle(list, row) {
  const rows = rowsOf(list);
  rows.forEach((each, place) => {
    each.querySelector('[data-move="up"]').disabled = place === 0;
    each.querySelector('[data-move="down"]').disabled = place === rows.length - 1;
  });
  const words = {
    word: row.querySelector("[data-word]").textContent,
    place: rows.indexOf(row) + 1,
    count: rows.length,
  };
  say(list.dataset.moved.replace(/\{(\w+)\}/g, (_all, name) => words[name]));
  list.dispatchEvent(new CustomEvent("arranged", { bubbles: true }));
}

function step(button) {
  const row = button.closest("[data-row]");
  const isUp = button.dataset.move === "up";
  const other = isUp ? row.previousElementSibling : row.nextElementSibling;
  if (!other) return;
  if (isUp) other.before(row);
  else other.after(row);
  settle(row.parentElement, row);
  // At either end the button pressed can do no more: the focus goes to the other one.
  const next = button.disabled ? row.querySelector("[data-move]:not(:disabled)") : button;
  next?.focus();
}

function drag(grip, pointer) {
  const row = grip.closest("[data-row]");
  const list = row.parentElement;
  const before = rowsOf(list).indexOf(row);
  const move = (event) => list.insertBefore(row, rowBelow(list, row, event.clientY) ?? null);
  const held = new AbortController();
  const drop = () => {
    held.abort();
    row.removeAttribute("data-held");
    if (rowsOf(list).indexOf(row) !== before) settle(list, row);
  };
  row.setAttribute("data-held", "");
  document.addEventListener("pointermove", move, held);
  document.addEventListener("pointerup", drop, held);
  document.addEventListener("pointercancel", drop, held);
  pointer.preventDefault();
}

export default function arrange(form) {
  form.dataset.arranges = "";
  form.addEventListener("click", (event) => {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    step(button);
  });
  form.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest("[data-grip]");
    if (grip && event.button === 0) drag(grip, event);
  });
  // The server draws a row folded unless it hears that it was open.
  document.addEventListener("htmx:configRequest", (event) => {
    for (const fold of form.querySelectorAll("details[open][data-number]")) {
      event.detail.formData.append("open", fold.dataset.number);
    }
  });
}
