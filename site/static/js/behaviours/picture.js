// Refuses a picture of too many bytes before it is sent, which would take long and be refused then.

export default function picture(input) {
  const said = document.createElement("p");
  said.className = "field__error";
  said.role = "alert";

  input.addEventListener("input", (event) => {
    said.remove();
    if ((input.files[0]?.size ?? 0) <= Number(input.dataset.bytes)) return;
    event.stopPropagation();
    input.value = "";
    said.textContent = input.dataset.tooLarge;
    input.after(said);
  });
}
