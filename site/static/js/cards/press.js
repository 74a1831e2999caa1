// Presses "well argued" at once; if the server refuses, takes it back.

import { pressInPlace } from "./pressing.js";

export default async function press(button) {
  if (button.ariaBusy === "true") return;
  const before = button.getAttribute("aria-pressed");
  button.setAttribute("aria-pressed", String(before !== "true"));
  const isDone = await pressInPlace(button, button.closest(".pill"));
  if (!isDone) button.setAttribute("aria-pressed", before);
}
