// Offers the browser's time zone below a list of zones in which none is chosen.

export default function zone(select) {
  const offer = select.parentElement.querySelector("[data-zone-here]");
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!here || select.value !== "") return;

  // Browsers may give an old name, which the list leaves out and the server accepts.
  const city = here.split("/").at(-1).replaceAll("_", " ");
  const option = find(select, here) ?? new Option(city, here);
  const words = option.text;
  if (select.selectedOptions[0].text.endsWith(words)) return;

  offer.querySelector("[data-zone-name]").textContent = words;
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    if (!option.isConnected) select.add(option, 1);
    select.value = here;
    select.focus();
    select.dispatchEvent(new Event("change", { bubbles: true }));
  });
}

function find(select, name) {
  return [...select.options].find((option) => option.value === name);
}
