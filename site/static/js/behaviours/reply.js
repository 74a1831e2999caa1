// Moves the focus to the reply composer if it is open already, so that its text is not replaced.

export default function reply(link) {
  link.addEventListener(
    "click",
    (event) => {
      const slot = document.querySelector(link.getAttribute("hx-target"));
      const open = slot?.querySelector("textarea");
      if (!open) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      open.focus();
    },
    { capture: true },
  );
}
