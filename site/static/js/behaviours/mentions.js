// Offers people of the discussion while a mention (@handle) is typed, in a list below its line.
//
// The keys and attributes are those of an editable combobox with a list. The field is no combobox by
// its role: a field of several lines may not have that one.

import { say } from "../announce.js";

// Milliseconds without a key after which the people are asked for.
const PAUSE = 150;
// What stands before the caret while a mention is typed; longer handles and names are nobody's.
const TYPED = /(?:^|[^\p{L}\p{N}_@/\\])@([\p{L}\p{N}][\p{L}\p{N}._-]{0,29})$/u;

let lists = 0;

// Returns what is typed of a mention at the caret of `field`; an empty text for none.
function typedIn(field) {
  if (field.selectionStart !== field.selectionEnd) return "";
  const before = field.value.slice(0, field.selectionStart);
  return TYPED.exec(before.slice(-40))?.[1] ?? "";
}

// Returns the distance from the top of `field` to the foot of the line with the caret.
function footOfLine(field) {
  const copy = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of ["font", "letterSpacing", "padding", "border", "boxSizing", "direction"]) {
    copy.style[name] = style[name];
  }
  copy.style.width = `${field.offsetWidth}px`;
  Object.assign(copy.style, { position: "absolute", visibility: "hidden", whiteSpace: "pre-wrap" });
  copy.style.overflowWrap = "break-word";
  copy.textContent = field.value.slice(0, field.selectionStart);
  const caret = document.createElement("span");
  caret.textContent = "\u200b";
  copy.append(caret);
  field.after(copy);
  const foot = caret.offsetTop + caret.offsetHeight - field.scrollTop;
  copy.remove();
  return Math.max(0, Math.min(foot, field.offsetHeight));
}

function optionOf(person, id) {
  const option = document.createElement("li");
  option.id = id;
  option.className = "people__one";
  option.setAttribute("role", "option");
  option.dataset.handle = person.handle;
  const handle = option.appendChild(document.createElement("b"));
  handle.textContent = `@${person.handle}`;
  if (person.name !== person.handle) {
    option.append(" ");
    option.appendChild(document.createElement("bdi")).textContent = person.name;
  }
  return option;
}

// Returns a function that answers with the people whose name begins so, each question asked once.
function asker(address) {
  const answers = new Map();
  return async (typed) => {
    const key = typed.toLowerCase();
    if (!answers.has(key)) {
      const url = `${address}?begins=${encodeURIComponent(typed)}`;
      const response = await fetch(url, { redirect: "error" });
      if (!response.ok) return [];
      answers.set(key, (await response.json()).people);
    }
    return answers.get(key);
  };
}

export default function mentions(field) {
  if (!field.dataset.people) return;
  const words = document.getElementById("status").dataset;
  const ask = asker(field.dataset.people);
  const list = document.createElement("ul");
  list.id = `people-${(lists += 1)}`;
  list.className = "people";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words.people);
  field.after(list);
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-haspopup", "listbox");
  let pause = 0;
  // What was typed when the list was closed with Escape: it stays closed until that changes.
  let dismissed = "";

  const close = () => {
    clearTimeout(pause);
    if (list.hidden) return;
    list.hidden = true;
    list.replaceChildren();
    field.removeAttribute("aria-controls");
    field.removeAttribute("aria-activedescendant");
    say("");
  };

  const activate = (option) => {
    for (const each of list.children) each.setAttribute("aria-selected", String(each === option));
    field.setAttribute("aria-activedescendant", option.id);
  };

  const place = () => {
    if (list.hidden) return;
    list.style.top = `${field.offsetTop + footOfLine(field)}px`;
    list.style.left = `${field.offsetLeft}px`;
    list.style.maxWidth = `${field.offsetWidth}px`;
  };

  const open = (people) => {
    list.replaceChildren(...people.map((person, at) => optionOf(person, `${list.id}-${at}`)));
    list.hidden = false;
    place();
    field.setAttribute("aria-controls", list.id);
    activate(list.firstElementChild);
    list.scrollIntoView({ block: "nearest" });
    say(words.peopleFound.replace("{n}", people.length));
  };

  const offer = async () => {
    const typed = typedIn(field);
    const people = await ask(typed).catch(() => []);
    // Something else may be typed by now, or nothing.
    if (typed !== typedIn(field) || document.activeElement !== field) return;
    const isComplete = people.length === 1 && people[0].handle === typed;
    if (people.length && !isComplete) open(people);
    else close();
  };

  const choose = (option) => {
    const end = field.selectionStart;
    const start = end - typedIn(field).length;
    const space = /^\s/.test(field.value.slice(end)) ? "" : " ";
    close();
    field.setRangeText(`${option.dataset.handle}${space}`, start, end, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  };

  const follow = () => {
    clearTimeout(pause);
    const typed = typedIn(field);
    if (typed !== dismissed) dismissed = "";
    if (typed && typed !== dismissed) pause = setTimeout(offer, PAUSE);
    else close();
  };

  field.addEventListener("input", follow);
  field.addEventListener("click", follow);
  field.addEventListener("blur", close);
  window.addEventListener("resize", place);
  field.addEventListener("keydown", (event) => {
    if (list.hidden || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const active = list.querySelector("[aria-selected=true]");
    if (event.key === "ArrowDown") activate(active.nextElementSibling ?? list.firstElementChild);
    else if (event.key === "ArrowUp") {
      activate(active.previousElementSibling ?? list.lastElementChild);
    } else if (event.key === "Enter") choose(active);
    else if (event.key === "Escape") {
      dismissed = typedIn(field);
      close();
    } else {
      if (/^(Arrow|Home|End|Page)/.test(event.key)) close();
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  });
  // A press on the list must not take the focus from the field.
  list.addEventListener("pointerdown", (event) => event.preventDefault());
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) choose(option);
  });
}
