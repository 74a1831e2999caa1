// Adds single-key shortcuts to moderation: the key a clicks data-key="a"; j and k open the next and
// previous link of [data-key-list]. They can be switched off (WCAG 2.1.4), in this browser only.

const STORAGE_KEY = "counterpoint-shortcuts";
const TYPING = "input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]";

function step(direction) {
  const links = [...document.querySelectorAll("[data-key-list] a")];
  const current = links.findIndex((link) => link.matches("[aria-current], [aria-current] *"));
  const focused = links.indexOf(document.activeElement);
  const from = focused >= 0 ? focused : current;
  const next = links[Math.max(0, Math.min(links.length - 1, from + direction))];
  next?.focus();
  if (next && links.indexOf(next) !== current) next.click();
}

function press(key) {
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]:not(:disabled)`);
  if (!target) return false;
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
    if (!holder.isConnected) document.removeEventListener("keydown", handle);
    if (!on || !holder.isConnected || event.target.closest?.(TYPING)) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
    else if (!press(event.key)) return;
    event.preventDefault();
  };
  document.addEventListener("keydown", handle);
}
