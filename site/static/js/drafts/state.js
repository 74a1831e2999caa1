// Says beside the buttons of a form where its words are kept, or that they are not saved. Screen
// readers hear a place once, not at each change, and again after a failure.

import { say } from "../announce.js";

const PLACES = new Set(["browser", "account"]);

export class State {
  constructor(form) {
    this.line = form.querySelector("[data-draft-state]");
    this.name = "";
    this.heard = new Set();
  }

  // Shows the sentence called `name` in the data attributes of the line; nothing for an empty name.
  show(name) {
    if (!this.line?.isConnected || name === this.name) return;
    this.name = name;
    this.line.textContent = this.line.dataset[name] ?? "";
    if (!PLACES.has(name)) this.heard.clear();
    if (!name || this.heard.has(name)) return;
    this.heard.add(name);
    say(this.line.textContent);
  }
}
