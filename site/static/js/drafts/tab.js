// Keeps what somebody signed out writes, by the place of its form, until the tab is closed: nobody
// who uses the browser later sees it. A browser may refuse to keep anything.

const PREFIX = "signed-out:";

function attempt(act) {
  try {
    return act();
  } catch {
    return null;
  }
}

export function read(place) {
  const fields = attempt(() => JSON.parse(sessionStorage.getItem(PREFIX + place)));
  const isForm = Object.values(fields ?? [0]).every(Array.isArray);
  return isForm ? fields : null;
}

// Returns whether the tab keeps `fields` now.
export function write(place, fields) {
  return attempt(() => sessionStorage.setItem(PREFIX + place, JSON.stringify(fields))) !== null;
}

export function remove(place) {
  attempt(() => sessionStorage.removeItem(PREFIX + place));
}

export function removeAll() {
  const keys = attempt(() => Object.keys(sessionStorage)) ?? [];
  for (const key of keys) if (key.startsWith(PREFIX)) remove(key.slice(PREFIX.length));
}
