// Prevents a second submission of a form while the first is sent.

export default function once(form) {
  let sending = false;

  const setSending = (state) => {
    sending = state;
    for (const button of form.querySelectorAll("button[type=submit]")) {
      if (state) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  };

  // Captures the event to run before htmx.
  form.addEventListener(
    "submit",
    (event) => {
      if (sending) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        setSending(true);
      }
    },
    { capture: true },
  );
  form.addEventListener("htmx:afterRequest", () => setSending(false));
  window.addEventListener("pageshow", () => setSending(false));
}
