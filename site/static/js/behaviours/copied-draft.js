// Shows what this browser alone has of a reply whose thread was closed meanwhile, to be copied.

import { keyOf, read } from "../drafts/copies.js";
import { accountOf, decoded } from "../drafts/fields.js";

export default function copiedDraft(box) {
  const owned = [...document.forms].find((form) => accountOf(form));
  const copy = owned && read(keyOf(accountOf(owned), decoded(box.dataset.place)));
  const words = copy?.isUnsaved && copy.fields.body?.[0];
  if (!words) return;
  const text = document.createElement("textarea");
  text.className = "input";
  text.setAttribute("aria-labelledby", "copied-draft");
  text.dir = "auto";
  text.rows = 8;
  text.readOnly = true;
  text.value = words;
  box.append(text);
  box.hidden = false;
}
