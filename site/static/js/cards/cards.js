// What scripts add to cards, and to the inbox. One listener serves all: a page has fifty, and htmx brings more.

import { closePopups, toggleSplit } from "./popups.js";
import press from "./press.js";
import { pressInPlace } from "./pressing.js";
import { offerQuotes, openReply } from "./quote.js";
import { copy, offerCopies } from "./share.js";

const ACTS = [
  [".comment button.press", press],
  [".comment a.split", toggleSplit],
  ["button.save", (button) => pressInPlace(button, button)],
  [".comment button.follow-it", (button) => pressInPlace(button, button, { in_menu: "1" })],
  [".inbox__all button", (button) => pressInPlace(button, document.getElementById("inbox"))],
  ["form.follow button, form.nudge button", (button) => pressInPlace(button, button.form)],
  ["a[data-reply]", reply],
  ["a[data-copy]", copy],
];

function reply(link) {
  link.closest(".etc")?.removeAttribute("open");
  openReply(link);
}

// Says how many replies a branch has after one was posted; a first one comes without a fold.
function countReplies({ detail: { to, words } }) {
  const label = document.getElementById(`replies-${to}`)?.previousElementSibling;
  if (label?.localName === "summary") label.textContent = words;
}

export function operateCards() {
  closePopups();
  offerQuotes();
  offerCopies(document);
  document.addEventListener("htmx:load", (event) => offerCopies(event.detail.elt));
  document.addEventListener("replied", countReplies);
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
