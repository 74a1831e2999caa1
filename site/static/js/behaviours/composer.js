// Prevents a second submission while the first is sent, posts or saves with Ctrl or Cmd and Enter,
// and lets an answer that was chosen for a new comment be taken back by choosing it again.

import once from "./once.js";

function tellKeys(form) {
  const keys = form.querySelector("[data-keys]");
  if (!keys) return;
  const key = keys.querySelector("[data-mac]");
  if (/^(Mac|iP)/.test(navigator.platform)) key.textContent = key.dataset.mac;
  keys.hidden = false;
}

// Browsers keep a radio button chosen. The first answer is not chosen for anybody, so they may want
// to go back to none.
function letUnchoose(form) {
  const answers = [...form.querySelectorAll("input[name=stance]")];
  let chosen = answers.find((answer) => answer.checked);
  const unchoose = (answer) => {
    answer.checked = false;
    chosen = undefined;
  };
  form.addEventListener("draft:filled", () => {
    chosen = answers.find((answer) => answer.checked);
  });
  for (const answer of answers) {
    let isTakenBack = false;
    answer.addEventListener("click", () => {
      if (answer === chosen) unchoose(answer);
      else chosen = answer;
    });
    // The space bar clicks no button that is chosen already.
    answer.addEventListener("keydown", (event) => {
      isTakenBack = event.key === " " && answer === chosen;
      if (!isTakenBack) return;
      event.preventDefault();
      unchoose(answer);
    });
    answer.addEventListener("keyup", (event) => {
      if (isTakenBack) event.preventDefault();
      isTakenBack = false;
    });
  }
}

export default function composer(form) {
  // The form key makes a double post harmless, but slow.
  once(form);
  tellKeys(form);
  if ("composer" in form.dataset) letUnchoose(form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit(form.querySelector(".button--main"));
    }
  });
}
