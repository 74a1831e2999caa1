// Closes a reply composer with "Cancel" and moves the focus back to the comment above it. What was
// written stays a draft.

import { say } from "../announce.js";

export default function closeComposer(link) {
  link.addEventListener("click", (event) => {
    const form = link.closest("form");
    const comment = form?.closest("li")?.querySelector(".comment");
    if (!form || !comment) return;
    event.preventDefault();
    form.dispatchEvent(new CustomEvent("draft:leave"));
    if (form.querySelector("textarea")?.value.trim()) say(link.dataset.kept);
    form.remove();
    (comment.querySelector("[data-reply]") ?? comment).focus();
  });
}
