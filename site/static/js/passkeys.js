// Makes and asks for passkeys (WebAuthn) in forms that name data-passkey="create" or "get". They are
// hidden until this runs in a browser that has passkeys; codes work without it.

// Fields of the options that are bytes, which JSON has in base64url.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));

const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const withBytes = (credentials) => credentials?.map((each) => ({ ...each, id: toBytes(each.id) }));

async function readOptions(form) {
  const { options, optionsFrom } = form.dataset;
  if (options) return JSON.parse(document.getElementById(options).textContent).publicKey;
  const answer = await fetch(optionsFrom, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).request_options.publicKey;
}

function create(options) {
  // Kept on the device if it can be, so that it also signs in without a password.
  const authenticatorSelection = { ...options.authenticatorSelection, residentKey: "preferred" };
  delete authenticatorSelection.requireResidentKey;
  const publicKey = {
    ...options,
    authenticatorSelection,
    challenge: toBytes(options.challenge),
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: withBytes(options.excludeCredentials),
  };
  return navigator.credentials.create({ publicKey });
}

function get(options) {
  const publicKey = {
    ...options,
    challenge: toBytes(options.challenge),
    allowCredentials: withBytes(options.allowCredentials),
  };
  return navigator.credentials.get({ publicKey });
}

function asJSON(credential) {
  const { id, rawId, type, authenticatorAttachment, response } = credential;
  const names = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const sent = names.filter((name) => response[name]).map((name) => [name, toText(response[name])]);
  return JSON.stringify({
    id,
    rawId: toText(rawId),
    type,
    authenticatorAttachment,
    response: { ...Object.fromEntries(sent), transports: response.getTransports?.() },
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

function attach(form) {
  const ceremony = form.dataset.passkey === "create" ? create : get;
  const problem = form.querySelector("[data-passkey-problem]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    problem.hidden = true;
    try {
      form.elements.credential.value = asJSON(await ceremony(await readOptions(form)));
    } catch {
      // Cancelled, too late, or no such passkey here: browsers do not say which.
      problem.hidden = false;
      return;
    }
    form.submit();
  });
}

if (window.PublicKeyCredential) document.querySelectorAll("[data-passkey]").forEach(attach);
else document.querySelectorAll("[data-passkey-missing]").forEach((each) => (each.hidden = false));
