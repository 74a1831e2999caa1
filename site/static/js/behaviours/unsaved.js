// Says beside the button of a form whether it has changes that are not saved. While it has, the bar
// with the button stays in sight, the button is filled, and leaving the page asks first.

// What is sent with the buttons that arrange a form, and saved by none.
const PASSING = /^(act|open|replaced-.*)$/;

const contentOf = (form) =>
  JSON.stringify([...new FormData(form)].filter(([name]) => !PASSING.test(name)));

export default function unsaved(form) {
  const state = form.querySelector("[data-save-state]");
  const saved = contentOf(form);
  // A page that shows what was sent differs from what is saved from the beginning.
  const isChanged = () => "typed" in form.dataset || contentOf(form) !== saved;
  const isJustSaved = document.querySelector(".messages .notice--success") !== null;
  let sending = false;

  const show = (name) => {
    form.toggleAttribute("data-changed", name === "unsaved");
    state.textContent = state.dataset[name];
  };
  const update = () => {
    if (isChanged() !== "changed" in form.dataset) show(isChanged() ? "unsaved" : "unchanged");
  };

  form.dataset.compares = "";
  show(isJustSaved ? "saved" : "unchanged");
  update();
  // From now on screen readers hear what it says.
  state.setAttribute("role", "status");

  for (const type of ["input", "change", "arranged"]) form.addEventListener(type, update);
  document.addEventListener("htmx:afterSettle", update);
  form.addEventListener("submit", () => {
    sending = true;
  });
  window.addEventListener("pageshow", () => {
    sending = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if ("changed" in form.dataset && !sending) event.preventDefault();
  });
}
