// One form whose draft is kept: in this browser at each change, on the account soon after.

import { clearProblems, showOffline } from "../problems.js";
import { send } from "./account.js";
import * as copies from "./copies.js";
import { accountOf, fill, hasText, parentOf, placeOf, snapshot } from "./fields.js";
import { mark, unmark } from "./marks.js";
import { State } from "./state.js";

// Milliseconds: after the last change, at most after the first one, and before trying again.
const SOON = 5_000;
const LATEST = 30_000;
const AGAIN = [30_000, 60_000, 300_000];
const [SIGNED_OUT, NEWER, TOO_LONG] = [403, 409, 413];

const isSame = (fields, others) => JSON.stringify(fields) === JSON.stringify(others);

// Returns the name of the sentence that says why the account did not save the words.
function whyNot(answer) {
  if (!answer) return navigator.onLine ? "failed" : "offline";
  if (answer.status === SIGNED_OUT) return "ended";
  if (answer.status === NEWER) return "newer";
  return answer.status === TOO_LONG ? "long" : "failed";
}

export class Draft {
  constructor(form) {
    this.form = form;
    this.account = accountOf(form);
    this.key = copies.keyOf(this.account, placeOf(form));
    this.state = new State(form);
    this.saved = Number(form.dataset.draftSaved) || 0;
    this.isUnsaved = false;
    this.isOver = false;
    this.isSignedOut = false;
    this.isSubmitted = false;
    this.isTyped = false;
    this.isKept = false;
    this.isFailing = false;
    this.isBehind = false;
    this.failures = 0;
  }

  // Called at each change, and with `isTyped` false for words that this page only shows.
  note(isTyped = true) {
    if (this.isSignedOut) this.state.show("nowhere");
    if (this.isOver) return;
    this.isTyped ||= isTyped;
    if (!hasText(this.form) && !this.saved && !copies.read(this.key)) return;
    this.isUnsaved = true;
    this.failures = 0;
    this.since ??= Date.now();
    this.keepCopy();
    this.tellOfCopy();
    this.saveIn(Math.min(SOON, this.since + LATEST - Date.now()));
  }

  // One copy for all tabs: it is of the words that are newer.
  keepCopy(at = Date.now(), fields = snapshot(this.form)) {
    if (this.isBehind) return;
    const copy = { at, base: this.saved, isUnsaved: this.isUnsaved, fields };
    this.isKept = copies.write(this.key, copy);
  }

  // A failure is said until the account has saved the words.
  tellOfCopy() {
    if (!hasText(this.form)) this.tell("");
    else if (!navigator.onLine) this.tell("offline");
    else if (!this.isFailing) this.tell(this.isKept ? "browser" : "");
  }

  // Nothing says that this browser has the words if it has refused to keep them.
  tell(name) {
    const isSaved = !name || name === "account" || name === "newer";
    this.state.show(isSaved || this.isKept ? name : "nowhere");
  }

  saveIn(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.form.isConnected && this.save(), milliseconds);
  }

  async save() {
    if (!this.isUnsaved || this.isOver || this.isSubmitted || !this.form.isConnected) return;
    clearTimeout(this.timer);
    this.isUnsaved = false;
    this.since = undefined;
    const [at, fields] = [Date.now(), snapshot(this.form)];
    this.sending = new AbortController();
    const answer = await send(this.form, fields, this.form.dataset.draftSave, this.sending.signal);
    if (this.isOver) return;
    if (answer?.ok) await this.noteSaved(answer, at, fields);
    else this.noteFailure(answer);
  }

  async noteSaved(answer, at, fields) {
    this.failures = 0;
    this.isFailing = false;
    this.isBehind = false;
    this.saved = (await answer.json()).saved ?? 0;
    const { draft_known: known } = this.form.elements;
    if (known) {
      known.value = this.saved || "";
      fields.draft_known = [known.value];
    }
    if (this.isUnsaved) this.keepCopy();
    else if (this.saved) this.keepCopy(at, fields);
    else copies.remove(this.key);
    if (this.isUnsaved) this.tellOfCopy();
    else this.tell(this.saved ? "account" : "");
  }

  // The copy in the browser stays, and is sent later.
  noteFailure(answer) {
    this.isUnsaved = true;
    this.isFailing = true;
    this.isBehind = answer?.status === NEWER;
    this.tell(whyNot(answer));
    if (answer?.status === TOO_LONG) return;
    this.saveIn(AGAIN[Math.min(this.failures, AGAIN.length - 1)]);
    this.failures += 1;
  }

  end() {
    this.isOver = true;
    this.tell("");
    clearTimeout(this.timer);
    this.sending?.abort();
    copies.remove(this.key);
    if (parentOf(this.form)) unmark(parentOf(this.form));
  }

  // The account has what is sent now; nothing stays in the browser.
  signOut() {
    this.save();
    this.isOver = true;
    this.isSignedOut = true;
    this.tell("");
    clearTimeout(this.timer);
    copies.remove(this.key);
  }

  submit() {
    this.isSubmitted = true;
    this.sending?.abort();
  }

  // Called when the form was not accepted, or is shown again.
  resume() {
    this.isSubmitted = false;
    if (this.isUnsaved) this.saveIn(SOON);
  }

  leave() {
    const parent = parentOf(this.form);
    if (parent && hasText(this.form)) mark(this.form.getAttribute("action"), parent);
    this.save();
  }

  // Shows the newer of what the account has (`saved`, in the form already or in `fields`) and what
  // this browser has. An older copy goes: the account may throw its words away, or post them.
  start(fields) {
    const copy = copies.read(this.key);
    const isNewer = copy?.isUnsaved && this.isNewer(copy);
    if ("draftSent" in this.form.dataset) return this.showRefused(copy);
    if (isNewer) this.show(copy.fields);
    else if (fields) this.show(fields);
    if (isNewer) return this.note(false);
    if (copy?.isUnsaved || !this.saved) copies.remove(this.key);
    return undefined;
  }

  // Words that were sent and refused: the account may have them as they are, else it gets them now.
  showRefused(copy) {
    if (copy && !copy.isUnsaved && this.saved && isSame(copy.fields, snapshot(this.form))) {
      this.isKept = true;
      this.tell("account");
    } else {
      this.note();
      this.save();
    }
  }

  isNewer(copy) {
    const thrown = this.form.querySelector("[data-draft-thrown]");
    if (thrown) return copy.at > Number(thrown.dataset.draftThrown);
    return copy.base === this.saved || copy.at > this.saved;
  }

  // Another tab has sent these words, or thrown them away: this one, which only shows them, does not
  // bring them back.
  forgetShown() {
    if (this.isTyped) return;
    this.isUnsaved = false;
    this.tell("");
    clearTimeout(this.timer);
  }

  // Shows what this browser has, while nobody knows what the account has.
  showCopy() {
    const copy = copies.read(this.key);
    if (copy && !this.isUnsaved) this.show(copy.fields);
  }

  show(fields) {
    const typed = this.isUnsaved ? this.form.elements.body?.value.trim() : "";
    fill(this.form, fields);
    // Typed before the account answered: neither is lost.
    const { body } = this.form.elements;
    if (typed && !body.value.includes(typed)) body.value += `\n\n${typed}`;
    const shown = "[data-draft-notice], [data-draft-act=removal]";
    for (const part of this.form.querySelectorAll(shown)) part.hidden = false;
  }

  // Throws away or brings back, as `button` says, and draws the form again.
  async act(button) {
    clearProblems();
    this.sending?.abort();
    const answer = await send(this.form, snapshot(this.form), button.formAction);
    if (answer?.type !== "opaqueredirect") {
      showOffline();
      return;
    }
    this.end();
    const { form } = this;
    const address = placeOf(form);
    if (form.hasAttribute("hx-post") && "composer" in form.dataset) {
      window.htmx.ajax("GET", address, { target: form, swap: "outerHTML" });
    } else {
      window.location.replace(address);
    }
  }
}
