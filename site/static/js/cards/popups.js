// Opens who marked a comment below its number, and closes what is open on cards: with Escape, with a
// click outside, or when the focus leaves it.

const OPEN = ".etc[open], .popup--split";
// The number that a panel belongs to; the panel stands right behind its pill.
const numberOf = (panel) => panel.previousElementSibling?.querySelector(".split");

function close(open, { focus = false } = {}) {
  const opener = open.matches("details") ? open.querySelector("summary") : numberOf(open);
  if (open.matches("details")) open.open = false;
  else open.remove();
  opener?.removeAttribute("aria-expanded");
  if (focus) opener?.focus();
}

function closeOutside(target) {
  for (const open of document.querySelectorAll(OPEN)) {
    if (!open.contains(target) && target !== numberOf(open)) close(open);
  }
}

export function toggleSplit(number) {
  const pill = number.closest(".pill");
  const open = pill.parentElement.querySelector(".popup--split");
  if (open) {
    close(open);
    return;
  }
  number.setAttribute("aria-expanded", "true");
  number.addEventListener(
    "htmx:afterRequest",
    ({ detail }) => detail.successful || number.removeAttribute("aria-expanded"),
    { once: true },
  );
  const address = `${number.getAttribute("href")}split/`;
  window.htmx.ajax("GET", address, { source: number, target: pill, swap: "afterend" });
}

export function closePopups() {
  document.addEventListener("click", (event) => closeOutside(event.target));
  document.addEventListener("focusin", (event) => closeOutside(event.target));
  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && document.querySelector(OPEN);
    if (open) close(open, { focus: true });
  });
}
