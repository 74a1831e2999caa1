// Sends what a button does, and puts the answer in the place of what it changes. The request goes on
// when the page is left within it, which htmx would end.

import { clearProblems, showOffline, showProblem } from "../problems.js";

const addressOf = (button) =>
  button.hasAttribute("formaction") ? button.formAction : button.form.action;

async function send(button, values) {
  const body = new URLSearchParams(new FormData(button.form));
  if (button.name) body.append(button.name, button.value);
  for (const [name, value] of Object.entries(values)) body.append(name, value);
  try {
    return await fetch(addressOf(button), {
      method: "POST",
      headers: { "HX-Request": "true", "HX-Current-URL": window.location.href },
      body,
      keepalive: true,
    });
  } catch {
    return null;
  }
}

// Presses `button`, with `values` besides those of its form: the answer comes in the place of
// `target`. Returns whether it did; if not, the page says why. A second press waits for the first.
export async function pressInPlace(button, target, values = {}) {
  if (button.ariaBusy === "true") return true;
  button.ariaBusy = "true";
  clearProblems();
  const answer = await send(button, values);
  const leadsTo = answer?.headers.get("HX-Redirect");
  if (leadsTo) {
    window.location.assign(leadsTo);
    return true;
  }
  const html = answer ? await answer.text() : "";
  if (answer?.ok) {
    window.htmx.swap(target, html, { swapStyle: "outerHTML" });
    return true;
  }
  button.ariaBusy = null;
  if (answer) showProblem(html);
  else showOffline();
  return false;
}
