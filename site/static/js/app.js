// Attaches behaviours to elements that name them in data-behaviour, at once and after htmx swaps.
// A behaviour is a function of its element. Reading, answering and moderating work without it.

import announce from "./announce.js";
import autoresize from "./behaviours/autoresize.js";
import closeComposer from "./behaviours/close-composer.js";
import composer from "./behaviours/composer.js";
import counter from "./behaviours/counter.js";
import menu from "./behaviours/menu.js";
import reply from "./behaviours/reply.js";
import shortcuts from "./behaviours/shortcuts.js";
import unfold from "./behaviours/unfold.js";
import { reportProblems } from "./problems.js";

const behaviours = {
  autoresize,
  "close-composer": closeComposer,
  composer,
  counter,
  menu,
  reply,
  shortcuts,
  unfold,
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

attachWithin(document);
document.addEventListener("htmx:load", (event) => {
  attachWithin(event.detail.elt);
  announce(event.detail.elt);
});
announce(document);
reportProblems();
