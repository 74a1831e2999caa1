// Sends drafts to the account of their writer, also while the page is left.

// Bytes that browsers send for a page that is gone.
const KEEPALIVE_MOST = 60_000;

// Sends `fields` of `form` to `address`; returns the answer, null without one.
export async function send(form, fields, address, signal) {
  const body = new FormData();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of values) body.append(name, value);
  }
  body.append("form", form.dataset.draft);
  body.append("drawn_for", form.elements.drawn_for.value);
  const size = new Blob(Object.values(fields).flat()).size;
  try {
    return await fetch(address, {
      method: "POST",
      headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
      body,
      keepalive: size < KEEPALIVE_MOST,
      redirect: "manual",
      signal,
    });
  } catch {
    return null;
  }
}

// Returns the drafts of comments and replies beside the form, and `others`, the paths of the forms
// that were begun elsewhere; null where they cannot be had.
export async function load(form) {
  try {
    const answer = await fetch(new URL("../drafts/", form.action), { redirect: "manual" });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null;
  }
}
