// Hands over to the account what this browser remembers of visits without it (discussion.js), and
// forgets it then: the account remembers from here on.

const SEEN = "discussions-seen";

// Sends `fields` to `address` with what every form of this page carries. Returns null where nobody is
// signed in. With `keepalive` it is sent while the page is left, too; browsers take 64 kB of that.
export function send(address, fields, { keepalive = false } = {}) {
  const form = document.querySelector('[name=drawn_for]:not([value=""])')?.form;
  if (!form) return null;
  const { csrfmiddlewaretoken: token, drawn_for: account } = form.elements;
  const body = new URLSearchParams({ ...fields, drawn_for: account.value });
  const headers = { "X-CSRFToken": token.value };
  return fetch(address, { method: "POST", body, headers, keepalive });
}

export const slugOf = (path) => decodeURIComponent(path.split("/").at(-2) ?? "");

function remembered() {
  const kept = Object.entries(JSON.parse(localStorage.getItem(SEEN)) ?? {});
  return kept.filter(([, version]) => Number.isFinite(version));
}

// Returns the slugs of the discussions in which something else is new now.
async function handOver() {
  try {
    const seen = remembered();
    if (!seen.length) return [];
    const lines = seen.map(([path, version]) => `${version} ${slugOf(path)}`);
    const address = document.getElementById("status").dataset.join;
    const answer = await send(address, { seen: lines.join("\n") });
    if (!answer?.ok) return [];
    localStorage.removeItem(SEEN);
    return (await answer.json()).changed;
  } catch {
    // Nothing is lost: the next page tries again.
    return [];
  }
}

export const handedOver = handOver();
