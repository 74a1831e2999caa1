// Attaches behaviours to elements that name them in data-behaviour, at once and after htmx swaps.
// A behaviour is a function of its element. Reading, answering and moderating work without it.

import announce from "./announce.js";
import autoresize from "./behaviours/autoresize.js";
import closeComposer from "./behaviours/close-composer.js";
import composer from "./behaviours/composer.js";
import copiedDraft from "./behaviours/copied-draft.js";
import counter from "./behaviours/counter.js";
import draft from "./behaviours/draft.js";
import forgetDrafts from "./behaviours/forget-drafts.js";
import markRead from "./behaviours/mark-read.js";
import mentions from "./behaviours/mentions.js";
import menu from "./behaviours/menu.js";
import once from "./behaviours/once.js";
import picture from "./behaviours/picture.js";
import shortcuts from "./behaviours/shortcuts.js";
import times from "./behaviours/times.js";
import unfold from "./behaviours/unfold.js";
import visit from "./behaviours/visit.js";
import { operateCards } from "./cards/cards.js";
import { forgetSent } from "./drafts/sent.js";
import { reportProblems } from "./problems.js";

const behaviours = {
  autoresize,
  "close-composer": closeComposer,
  composer,
  "copied-draft": copiedDraft,
  counter,
  draft,
  "forget-drafts": forgetDrafts,
  "mark-read": markRead,
  mentions,
  menu,
  once,
  picture,
  shortcuts,
  times,
  unfold,
  visit,
  // Of one page alone, and not worth its bytes on all others.
  zone: async (select) => (await import("./behaviours/zone.js")).default(select),
};
const attached = new WeakMap();

function attach(element) {
  const done = attached.get(element) ?? new Set();
  attached.set(element, done);
  for (const name of element.dataset.behaviour.split(/\s+/)) {
    if (name in behaviours && !done.has(name)) {
      done.add(name);
      behaviours[name](element);
    }
  }
}

function attachWithin(root) {
  if (root.matches?.("[data-behaviour]")) attach(root);
  root.querySelectorAll("[data-behaviour]").forEach(attach);
}

forgetSent(document);
attachWithin(document);
document.addEventListener("htmx:load", (event) => {
  forgetSent(event.detail.elt);
  attachWithin(event.detail.elt);
  announce(event.detail.elt);
});
// Of details with the same name a browser keeps the first open. What is swapped out is no reason to
// close what comes: it stays on the page a moment longer.
document.addEventListener("htmx:beforeSwap", ({ target }) => {
  for (const open of target.querySelectorAll("details[name][open]")) open.removeAttribute("name");
});
announce(document);
operateCards();
reportProblems();
