// What scripts add to cards. One listener serves all: a page has fifty, and htmx brings more.

import follow from "./follow.js";
import { closePopups, toggleSplit } from "./popups.js";
import press from "./press.js";
import { offerQuotes, openReply } from "./quote.js";
import { copy, offerCopies } from "./share.js";

const ACTS = [
  [".comment button.press", press],
  [".comment a.split", toggleSplit],
  ["button.save", save],
  [".comment button.follow-it", follow],
  ["a[data-reply]", reply],
  ["a[data-copy]", copy],
];

function reply(link) {
  link.closest(".etc")?.removeAttribute("open");
  openReply(link);
}

// Saves for later, or takes that back: the other button comes in its place.
function save(button) {
  const place = { source: button, target: button, swap: "outerHTML" };
  window.htmx.ajax("POST", button.formAction, place);
}

export function operateCards() {
  closePopups();
  offerQuotes();
  offerCopies(document);
  document.addEventListener("htmx:load", (event) => offerCopies(event.detail.elt));
  document.addEventListener("click", (event) => {
    // A link that is opened elsewhere is a link.
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    for (const [selector, act] of ACTS) {
      const found = event.target.closest(selector);
      if (!found || !window.htmx) continue;
      event.preventDefault();
      act(found);
    }
  });
}
