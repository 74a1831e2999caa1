// Says beside the buttons of a form where its words are kept, or that they are not saved. Screen
// readers hear a place once, not at each change, and again after a failure.

import { say } from "../announce.js";

// Stands in a sentence for the time of day.
const TIME = "{time}";
const CLOCK = new Intl.DateTimeFormat(document.documentElement.lang, {
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});
const PLACES = new Set(["browser", "account"]);

export class State {
  constructor(form) {
    this.line = form.querySelector("[data-draft-state]");
    this.name = "";
    this.heard = new Set();
  }

  isTimed(name) {
    return this.line.dataset[name]?.includes(TIME) ?? false;
  }

  sentence(name) {
    const time = CLOCK.format(new Date());
    return (this.line.dataset[name] ?? "").replace(TIME, time);
  }

  // Shows the sentence called `name` in the data attributes of the line; nothing for an empty name.
  show(name) {
    if (!this.line?.isConnected || (name === this.name && !this.isTimed(name))) return;
    this.name = name;
    this.line.dataset.now = name;
    this.line.textContent = this.sentence(name);
    if (!PLACES.has(name)) this.heard.clear();
    if (!name || this.heard.has(name)) return;
    this.heard.add(name);
    say(this.line.textContent);
  }
}
