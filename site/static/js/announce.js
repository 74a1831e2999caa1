// New content says where the focus goes (data-focus) and what to say about it (data-announce).

function within(root, selector) {
  return root.matches?.(selector) ? root : root.querySelector(selector);
}

// A reply's composer that has just been opened, with nothing to say about it.
function openedComposer(root) {
  const form = within(root, "form.composer--reply");
  return form?.querySelector("input:checked") ?? form?.querySelector("input[type=radio], textarea");
}

export default function announce(root) {
  const target = within(root, "[data-focus]") ?? (root !== document && openedComposer(root));
  if (target) {
    target.removeAttribute("data-focus");
    target.focus({ preventScroll: true });
    const { top, bottom } = target.getBoundingClientRect();
    const fits = bottom - top < window.innerHeight;
    if (fits && (top < 0 || bottom > window.innerHeight)) target.scrollIntoView({ block: "center" });
  }
  const said = within(root, "[data-announce]");
  if (said) {
    document.getElementById("status").textContent = said.dataset.announce;
    said.removeAttribute("data-announce");
  }
}
