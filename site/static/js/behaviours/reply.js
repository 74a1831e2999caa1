// A second click on "Reply" leads to the composer that is open already, words and all.

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
