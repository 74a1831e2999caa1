// Removes the drafts of an account from this browser when it signs out; the account has them.

import { wipe } from "../drafts/copies.js";
import { accountOf } from "../drafts/fields.js";
import { removeAll } from "../drafts/tab.js";

export default function forgetDrafts(form) {
  form.addEventListener("submit", () => {
    wipe(accountOf(form));
    removeAll();
  });
}
