/* A form that a passkey fills in: asks the server what to sign, the device to sign it, and sends the answer along.
   Where the page's address is not the one that passkeys are bound to, or not secure, it says so instead. */

import { json, Problem } from "couth/kernel/http.js";

function bytes(text) {
  const padded = text.replaceAll("-", "+").replaceAll("_", "/");
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
}

function text(buffer) {
  const letters = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function question(options) {
  const named = (credential) => ({ ...credential, id: bytes(credential.id) });
  return {
    ...options,
    challenge: bytes(options.challenge),
    ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
    ...(options.excludeCredentials && { excludeCredentials: options.excludeCredentials.map(named) }),
    ...(options.allowCredentials && { allowCredentials: options.allowCredentials.map(named) }),
  };
}

function answer(credential) {
  const { response } = credential;
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const given = parts.filter((part) => response[part]).map((part) => [part, text(response[part])]);
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: Object.fromEntries(given),
  });
}

export function connect(form) {
  const button = Array.from(form.elements).find((element) => element.type === "submit");
  const said = form.querySelector("[data-said]");
  const { origin, options, words, refused } = form.dataset;
  if (!window.isSecureContext || !window.PublicKeyCredential || location.origin !== origin) {
    const unfit = form.querySelector("[data-unfit]");
    if (unfit) unfit.hidden = false;
    return undefined;
  }
  for (const part of document.querySelectorAll(`[data-with="${form.id}"]`)) part.hidden = false;
  button.disabled = false;

  async function ask(event) {
    event.preventDefault();
    button.disabled = true;
    said.textContent = "";
    try {
      const publicKey = question(await json(options, { method: "POST" }));
      const device = navigator.credentials;
      const credential = await (publicKey.user ? device.create({ publicKey }) : device.get({ publicKey }));
      form.elements.credential.value = answer(credential);
      const keep = document.querySelector("input[type='checkbox'][name='keep']");
      if (keep) form.elements.keep.value = keep.checked ? keep.value : "";
      form.submit();
    } catch (error) {
      said.textContent = error instanceof Problem ? refused : words;
      button.disabled = false;
    }
  }
  form.addEventListener("submit", ask);
  return () => form.removeEventListener("submit", ask);
}
