// Adds pictures to the text at the cursor: chosen, dropped or pasted. The cursor goes where the
// description belongs. Progress, and why one is refused, stand beside the field.

import { say } from "../announce.js";
import { shrunk } from "./shrinking.js";
import { insertParagraph } from "./text.js";

const filesIn = (transfer) => [...(transfer?.files ?? [])];
const hasFiles = (transfer) => [...(transfer?.types ?? [])].includes("Files");
// Office programs put a picture of the text beside the text.
const hasText = (transfer) => [...(transfer?.types ?? [])].includes("text/plain");

// Sends `file`; resolves to the answer's fields, with `problem` if it was not taken.
function send(form, place, file, tell) {
  const body = new FormData();
  body.append("picture-file", file);
  body.append("drawn_for", form.elements.drawn_for.value);
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("POST", place.dataset.address);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => tell(loaded / total));
    request.addEventListener("loadend", () => {
      resolve(request.response ?? { problem: place.dataset.failed });
    });
    request.send(body);
  });
}

class Progress {
  constructor(place) {
    this.place = place;
    this.line = place.querySelector("[data-progress]");
    this.bar = place.querySelector("progress");
    this.problem = place.querySelector("[data-problem]");
  }

  begin(name) {
    this.problem.hidden = true;
    this.line.hidden = false;
    this.line.replaceChildren(this.place.dataset.adding.replace("{name}", name), " ", this.bar);
    this.bar.removeAttribute("value");
  }

  advance(share) {
    if (Number.isFinite(share)) this.bar.value = share;
  }

  end(problem = "") {
    this.line.hidden = true;
    this.problem.hidden = !problem;
    this.problem.textContent = problem;
  }
}

// A cursor in the description of a picture would put the next one into it: that goes behind.
function behindPicture(text, cursor) {
  for (const { index, 0: picture } of text.matchAll(/!\[[^\]\n]*\]\([^)\n]*\)/g)) {
    if (index < cursor && cursor < index + picture.length) return index + picture.length;
  }
  return cursor;
}

export function takePictures(form, field, place) {
  const chooser = place.querySelector("input[type=file]");
  const progress = new Progress(place);
  const most = Number(place.dataset.bytes);

  const insert = (address, at) => {
    // Typed in the meantime: the picture goes where the cursor is now.
    const isAsBefore = field.value === at.text;
    const cursor = behindPicture(field.value, isAsBefore ? at.place : field.selectionEnd);
    insertParagraph(field, cursor, `![](${address})`, 2);
    say(place.dataset.added);
  };

  const add = async (files) => {
    for (const file of files) {
      const at = { text: field.value, place: field.selectionEnd };
      progress.begin(file.name);
      const picture = await shrunk(file, most);
      const answer =
        picture.size > most
          ? { problem: place.dataset.tooLarge }
          : await send(form, place, picture, (share) => progress.advance(share));
      progress.end(answer.problem);
      if (!answer.address) return;
      insert(answer.address, at);
    }
  };

  form.querySelector("[data-choose-picture]").addEventListener("click", () => chooser.click());
  chooser.addEventListener("input", (event) => {
    event.stopPropagation();
    add(filesIn(chooser)).finally(() => {
      chooser.value = "";
    });
  });
  // Captured, to run before the listeners of markdownx, which would send them elsewhere.
  const listenFirst = (type, handle) => form.addEventListener(type, handle, { capture: true });
  listenFirst("dragover", (event) => {
    if (event.target === field && hasFiles(event.dataTransfer)) event.preventDefault();
  });
  listenFirst("drop", (event) => {
    if (!hasFiles(event.dataTransfer)) {
      event.stopPropagation(); // Dragged text is left to the browser.
      return;
    }
    event.preventDefault();
    event.stopPropagation();
    add(filesIn(event.dataTransfer));
  });
  listenFirst("paste", (event) => {
    if (event.target !== field || !hasFiles(event.clipboardData)) return;
    event.stopPropagation();
    if (hasText(event.clipboardData)) return;
    event.preventDefault();
    add(filesIn(event.clipboardData));
  });
}
