// Adds single-key shortcuts to moderation: the key a clicks data-key="a"; j and k open the next and
// previous link of [data-key-list]. They can be switched off (WCAG 2.1.4), in this browser only.
// A key that is held acts once, since the next case is on the page by then. While the form of an act
// is open, keys of other acts do nothing, and Escape closes it.

const STORAGE_KEY = "counterpoint-shortcuts";
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";
const OPEN_FORM = ".acts details > form:not(details:not([open]) *)";

const openForm = () => document.querySelector(OPEN_FORM)?.parentElement;

function close(form) {
  form.open = false;
  form.querySelector("summary").focus();
}

function step(direction) {
  const links = [...document.querySelectorAll("[data-key-list] a")];
  const current = links.findIndex((link) => link.matches("[aria-current], [aria-current] *"));
  const focused = links.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : current;
  const next = links[Math.max(0, Math.min(links.length - 1, from + direction))];
  next?.focus();
  if (next && links.indexOf(next) !== current) next.click();
}

function press(key, list) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
  if (!target) return false;
  const form = openForm();
  if (form && !form.contains(target) && !list.contains(target)) return false;
  const holder = target.closest("details:not([open]) > :not(summary)");
  if (holder) holder.parentElement.open = true;
  target.focus();
  target.click();
  return true;
}

export default function shortcuts(holder) {
  const toggle = holder.querySelector("[data-shortcuts-toggle]");
  let on = localStorage.getItem(STORAGE_KEY) !== "off";

  const labelOn = toggle?.textContent;

  const show = () => {
    if (toggle) toggle.textContent = on ? labelOn : toggle.dataset.off;
    holder.classList.toggle("keys--off", !on);
  };
  toggle?.addEventListener("click", () => {
    on = !on;
    localStorage.setItem(STORAGE_KEY, on ? "on" : "off");
    show();
  });
  show();
  holder.hidden = false;

  const handle = (event) => {
    if (!holder.isConnected) document.removeEventListener("keydown", handle, true);
    if (!holder.isConnected || event.repeat || event.isComposing) return;
    if (event.key === "Escape" && openForm()) close(openForm());
    if (!on || event.target.closest?.(TYPING)) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (!press(event.key, holder)) return;
    event.preventDefault();
  };
  // Before a menu around the form closes, after which the form would not be found.
  document.addEventListener("keydown", handle, true);
}
