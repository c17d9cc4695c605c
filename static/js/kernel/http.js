/* Requests of the page's own scripts: with the CSRF token, as fragments, and with one key for each thing made. */

const OLD_FORM = "old-form";

export class Problem extends Error {
  constructor(status, body) {
    super(body.detail ?? body.title ?? `HTTP ${status}`);
    this.status = status;
    this.type = body.type;
    this.detail = body.detail ?? "";
    this.fields = body.fields ?? {};
    this.retryAfter = body.retry_after;
    this.html = body.html ?? "";
  }

  /** Whether nobody, or somebody else, is signed in here by now: what was to be sent can wait for whoever wrote it. */
  get isSignedOut() {
    return this.status === 401 || this.type === OLD_FORM;
  }
}

export function newKey() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");
}

async function send(address, options = {}, isAgain = false) {
  const headers = { "X-Fragment": "1", ...options.headers };
  if (options.method && options.method !== "GET") {
    headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
    options.body?.delete?.("csrf_token"); // a form's own would come before that of now
  }
  const answer = await fetch(address, { credentials: "same-origin", ...options, headers });
  if (answer.ok) return answer;
  const body = await told(answer);
  if (!isAgain && renewed(body)) return send(address, options, true);
  throw new Problem(answer.status, body);
}

async function told(answer) {
  const kind = answer.headers.get("content-type") ?? "";
  if (kind.includes("json")) return answer.json();
  return kind.includes("html") ? { html: await answer.text() } : {};
}

/* Whoever signed in again meanwhile, in another tab say, goes on with what is open here; somebody else does not. */
function renewed({ type, token, viewer }) {
  if (type !== OLD_FORM || !token || viewer !== document.body.dataset.viewer) return false;
  document.querySelector('meta[name="csrf-token"]').content = token;
  for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
  return true;
}

/** The HTML of a fragment. */
export async function fragment(address, options) {
  return (await send(address, options)).text();
}

export async function json(address, options) {
  return (await send(address, { ...options, headers: { Accept: "application/json", ...options?.headers } })).json();
}

// As a form without script is answered: by the way to the next page, or by the page with what is wrong in it.
const WHOLE = { "X-Fragment": "0", Accept: "application/json" };

/** Send a form's fields (FormData or a plain object); resolves to the Response. With ``keepalive`` it gets there also
    when the page is left at once. */
export function post(address, fields, { key, isWhole, keepalive = false } = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  const headers = { ...(isWhole && WHOLE), ...(key && { "Idempotency-Key": key }) };
  return send(address, { method: "POST", body, keepalive, headers });
}

/** A DOM element from a fragment's HTML. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}
