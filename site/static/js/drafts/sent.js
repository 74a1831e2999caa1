// Removes the copies of what a page says is sent: an account and a place in data-draft-done. Also
// what was typed there before signing in.

import { remove } from "./copies.js";
import * as tab from "./tab.js";

export function forgetSent(root) {
  const told = [...(root.querySelectorAll?.("[data-draft-done]") ?? [])];
  if (root.matches?.("[data-draft-done]")) told.push(root);
  for (const { dataset } of told) {
    remove(`draft:${dataset.draftDone}`);
    tab.remove(dataset.draftDone.replace(/^\d+:/, ""));
  }
}
