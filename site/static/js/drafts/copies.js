// Keeps copies of drafts in this browser: for each account and place the fields, and when they were
// typed. A browser may refuse to keep anything, be full, or have somebody else's words there.

const PREFIX = "draft:";
// Copies in one browser; the oldest go first. The account has them too, as soon as it answered.
const MOST = 50;
// Milliseconds after which a copy goes, as on the account (limits.KEPT_FOR_ACCOUNT): a browser that
// several people use has the words of those whose session just ended, too.
const KEPT = 30 * 24 * 60 * 60 * 1000;
// Tells other tabs that the account in its value has signed out.
const WIPED = "drafts-wiped";

const attempt = (act, otherwise = null) => {
  try {
    return act();
  } catch {
    return otherwise;
  }
};

const isCopy = (copy) =>
  Number.isFinite(copy?.at) &&
  Number.isFinite(copy.base) &&
  typeof copy.fields === "object" &&
  Object.values(copy.fields ?? [0]).every(
    (values) => Array.isArray(values) && values.every((value) => typeof value === "string"),
  );

const keys = (start) =>
  attempt(() => Object.keys(localStorage), []).filter((key) => key.startsWith(start));

function dropOldest(most, except) {
  const ages = keys(PREFIX)
    .filter((key) => key !== except)
    .map((key) => [read(key)?.at ?? 0, key])
    .sort(([one], [other]) => one - other);
  for (const [, key] of ages.slice(0, Math.max(0, ages.length - most))) remove(key);
}

export const keyOf = (account, place) => `${PREFIX}${account}:${place}`;

// Returns what is kept under `key`: `fields`, typed `at`, `base` (the account's version then, 0 for
// none), `isUnsaved`.
export function read(key) {
  const copy = attempt(() => JSON.parse(localStorage.getItem(key)));
  return isCopy(copy) ? copy : null;
}

function forgetOld() {
  for (const key of keys(PREFIX)) {
    if ((read(key)?.at ?? 0) < Date.now() - KEPT) remove(key);
  }
}

// Returns whether the browser keeps `copy` under `key` now.
export function write(key, copy) {
  const store = () => {
    localStorage.setItem(key, JSON.stringify(copy));
    return true;
  };
  dropOldest(MOST - 1, key);
  if (attempt(store, false)) return true;
  dropOldest(0, key);
  return attempt(store, false);
}

export function remove(key) {
  attempt(() => localStorage.removeItem(key));
}

// Returns the ends of the places that begin with `start` and have something unsaved.
export function unsaved(account, start) {
  const beginning = keyOf(account, start);
  return keys(beginning)
    .filter((key) => read(key)?.isUnsaved)
    .map((key) => key.slice(beginning.length));
}

// Lets the pages of an account send what they have, and keep nothing more here; removes the rest.
export function wipe(account) {
  window.dispatchEvent(new CustomEvent(WIPED, { detail: account }));
  keys(keyOf(account, "")).forEach(remove);
  attempt(() => localStorage.setItem(WIPED, account));
  remove(WIPED);
}

// Calls `act` once another tab has removed what is kept under `key`: it is sent, or thrown away.
export function onRemoved(key, act) {
  window.addEventListener("storage", (event) => {
    if (event.key === key && event.newValue === null) act();
  });
}

export function onWiped(account, act) {
  window.addEventListener(WIPED, (event) => {
    if (event.detail === account) act();
  });
  window.addEventListener("storage", (event) => {
    if (event.key === WIPED && event.newValue === account) act();
  });
}

// Runs on every signed-in page, for the copies of all accounts.
forgetOld();
