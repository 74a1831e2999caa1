// Closes a reply composer with "Cancel" and moves the focus back to the comment above it.

export default function closeComposer(link) {
  link.addEventListener("click", (event) => {
    const form = link.closest("form");
    const comment = form?.closest("li")?.querySelector(".comment");
    if (!form || !comment) return;
    event.preventDefault();
    const written = form.querySelector("textarea")?.value.trim();
    if (written && link.dataset.confirm && !window.confirm(link.dataset.confirm)) return;
    form.remove();
    (comment.querySelector("footer a") ?? comment).focus();
  });
}
