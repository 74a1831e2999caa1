// Keeps what somebody signed out writes on the page for an answer, the one form that they have: it
// survives a reload, the way back, and signing up that comes to nothing.

import { decoded, fill, hasText, parentOf, snapshot } from "./drafts/fields.js";
import { read, remove, write } from "./drafts/tab.js";

const form = document.querySelector("form[data-composer]");
const line = form.querySelector("[data-draft-state]");
const path = decoded(form.getAttribute("action"));
const place = parentOf(form) ? `${path}?parent=${parentOf(form)}` : path;

function keep() {
  const isKept = hasText(form) && write(place, snapshot(form));
  if (!isKept) remove(place);
  line.textContent = isKept ? line.dataset.tab : "";
}

// The answer that a link has chosen counts before that of the kept words.
function restore() {
  const fields = read(place);
  if (!fields) return;
  const isChosen = new URLSearchParams(window.location.search).has("stance");
  const chosen = isChosen && form.querySelector("input[name=stance]:checked");
  fill(form, fields);
  if (chosen) chosen.checked = true;
}

if (!hasText(form)) restore();
if (hasText(form)) keep();
form.addEventListener("input", keep);
form.addEventListener("change", keep);
