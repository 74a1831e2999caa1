// Presses "well argued" at once; if the server refuses, takes it back, and the page says why. The
// request goes on when the page is left within it, which htmx would end.

import { clearProblems, showOffline, showProblem } from "../problems.js";

async function send(button) {
  try {
    return await fetch(button.formAction, {
      method: "POST",
      headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      body: new URLSearchParams(new FormData(button.form)),
      keepalive: true,
    });
  } catch {
    return null;
  }
}

export default async function press(button) {
  if (button.ariaBusy === "true") return;
  const before = button.getAttribute("aria-pressed");
  button.ariaBusy = "true";
  button.setAttribute("aria-pressed", String(before !== "true"));
  clearProblems();
  const answer = await send(button);
  const leadsTo = answer?.headers.get("HX-Redirect");
  if (leadsTo) {
    window.location.assign(leadsTo);
    return;
  }
  const html = answer ? await answer.text() : "";
  if (answer?.ok) {
    window.htmx.swap(button.closest(".pill"), html, { swapStyle: "outerHTML" });
    return;
  }
  button.ariaBusy = null;
  button.setAttribute("aria-pressed", before);
  if (answer) showProblem(html);
  else showOffline();
}
