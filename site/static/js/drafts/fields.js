// Reads the fields of a form as they stand, and fills them in again.

const SECRET = new Set(["csrfmiddlewaretoken", "drawn_for"]);
// Hidden fields that say to which text and draft the words belong; others are of the page.
const OF_THE_WORDS = new Set(["based_on", "began", "draft_known", "draft_page", "seen"]);

// Returns the account for which the page was drawn, empty for nobody.
export const accountOf = (form) => form.elements.drawn_for?.value.split(":")[0] ?? "";

export const parentOf = (form) => form.elements.parent?.value ?? "";

export function decoded(path) {
  try {
    return decodeURI(path);
  } catch {
    return path;
  }
}

export function placeOf(form) {
  const parent = parentOf(form);
  const path = decoded(form.dataset.draft);
  return parent ? `${path}?parent=${parent}` : path;
}

export function snapshot(form) {
  const fields = {};
  for (const [name, value] of new FormData(form)) {
    if (!SECRET.has(name) && typeof value === "string") (fields[name] ??= []).push(value);
  }
  return fields;
}

export const hasText = (form) =>
  [...form.querySelectorAll("textarea, input[type=text]")].some((field) => field.value.trim());

function fillOne(field, values) {
  if (/^(radio|checkbox)$/.test(field.type)) {
    field.checked = values.includes(field.value);
  } else if (field.type !== "hidden" || OF_THE_WORDS.has(field.name)) {
    const value = values.shift();
    if (value !== undefined) field.value = value;
  }
}

// Fills in `fields`; a quotation that was asked for goes below.
export function fill(form, fields) {
  const left = Object.fromEntries(
    Object.entries(fields).map(([name, values]) => [name, [...values]]),
  );
  for (const field of form.elements) {
    if (field.name && !SECRET.has(field.name)) fillOne(field, left[field.name] ?? []);
  }
  const { quotation } = form.dataset;
  const body = form.elements.body;
  if (quotation && body) body.value = [body.value.trimEnd(), quotation].filter(Boolean).join("\n\n");
  const details = form.querySelector("details.steelman");
  if (details?.querySelector("select")?.value) details.open = true;
  form.dispatchEvent(new CustomEvent("draft:filled"));
  for (const field of form.querySelectorAll("textarea")) {
    field.dispatchEvent(new CustomEvent("input"));
  }
}
