// Keeps what is typed into a form: in this browser at once, on the account soon after. Shows what
// was typed before, whichever of the two is newer, and throws it away in one press.

import { load } from "../drafts/account.js";
import * as copies from "../drafts/copies.js";
import { Draft } from "../drafts/draft.js";
import { accountOf, decoded, parentOf, placeOf } from "../drafts/fields.js";
import { mark, markForms, markParagraph } from "../drafts/marks.js";

// Returns the path of the form for changes of mind about the article of this composer.
const changeOf = (form) => decoded(new URL("../changes/", form.action).pathname);

// Marks the forms that were begun, in this browser alone or with the account.
function markOthers(form, paths, paragraph) {
  markForms(paths);
  if (paths.includes(changeOf(form))) markParagraph(changeOf(form), paragraph);
}

function markUnsaved({ form, account }) {
  const paths = copies.unsaved(account, "").filter((place) => !place.startsWith(placeOf(form)));
  const change = copies.read(copies.keyOf(account, changeOf(form)));
  markOthers(form, paths, change?.fields.paragraph?.[0]);
}

// Fills the composer of a page with its draft, and marks where others are: at once those that this
// browser alone has, for the account may take long to answer, or be away.
async function showOthers(draft) {
  const { form } = draft;
  const action = form.getAttribute("action");
  for (const parent of copies.unsaved(draft.account, `${placeOf(form)}?parent=`)) {
    mark(action, parent);
  }
  markUnsaved(draft);
  const others = form.querySelector("[data-draft-others]");
  const answer = others ? await load(form) : { drafts: [], others: [] };
  if (!answer) {
    draft.showCopy();
    return;
  }
  const found = answer.drafts;
  const own = found.find(({ parent }) => !parent);
  draft.saved = own?.saved ?? 0;
  draft.start(own?.fields);
  for (const { parent } of found) {
    if (parent) mark(action, parent);
  }
  markOthers(form, answer.others, answer.paragraph);
  if (others) others.hidden = found.length > 0 || document.querySelector(".your-draft") !== null;
}

export default function keepDraft(form) {
  if (!accountOf(form)) return;
  const draft = new Draft(form);
  const ended = new AbortController();
  const listening = { signal: ended.signal };
  const atLeaving = () => {
    if (!form.isConnected) ended.abort();
    else if (document.visibilityState === "hidden") draft.save();
  };
  form.addEventListener("input", () => draft.note());
  form.addEventListener("change", () => draft.note());
  form.addEventListener("submit", () => draft.submit());
  form.addEventListener("htmx:afterRequest", ({ detail }) => detail.successful || draft.resume());
  form.addEventListener("draft-done", () => draft.end());
  form.addEventListener("draft:leave", () => draft.leave());
  form.addEventListener(
    "click",
    (event) => {
      const button = event.target.closest("[data-draft-act]");
      if (!button) return;
      event.preventDefault();
      event.stopPropagation();
      draft.act(button);
    },
    { capture: true },
  );
  document.addEventListener("visibilitychange", atLeaving, listening);
  window.addEventListener("pagehide", () => form.isConnected && draft.save(), listening);
  window.addEventListener("pageshow", () => draft.resume(), listening);
  window.addEventListener("online", () => form.isConnected && draft.save(), listening);
  copies.onRemoved(draft.key, () => draft.forgetShown());
  copies.onWiped(draft.account, () => draft.signOut());
  const isOnPost = form.hasAttribute("hx-post") && "composer" in form.dataset;
  if (isOnPost && !parentOf(form)) showOthers(draft);
  else draft.start();
}
