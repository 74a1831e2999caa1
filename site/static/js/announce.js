// Moves the focus into new content (data-focus) and announces it to screen readers (data-announce).

function find(root, selector) {
  return root.matches?.(selector) ? root : root.querySelector(selector);
}

// Returns the text of a newly opened reply composer, which needs no announcement: people type at
// once, and letters typed on an answer would be lost. The answers stand one step before it.
function openedComposer(root) {
  const text = find(root, "form.composer--reply")?.querySelector("textarea");
  text?.setSelectionRange(text.value.length, text.value.length);
  return text;
}

// Lets screen readers say `words`.
export function say(words) {
  document.getElementById("status").textContent = words;
}

export default function announce(root) {
  const target = find(root, "[data-focus]") ?? (root !== document && openedComposer(root));
  if (target) {
    target.removeAttribute("data-focus");
    target.focus({ preventScroll: true });
    const { top, bottom } = target.getBoundingClientRect();
    const fits = bottom - top < window.innerHeight;
    if (fits && (top < 0 || bottom > window.innerHeight)) target.scrollIntoView({ block: "center" });
  }
  const announced = find(root, "[data-announce]");
  if (announced) {
    say(announced.dataset.announce);
    announced.removeAttribute("data-announce");
  }
}
