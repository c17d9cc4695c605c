/* Requests of the page's own scripts: with the CSRF token, as fragments, and with one key for each thing made. */

export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail ?? body?.title ?? `HTTP ${status}`);
    this.status = status;
    this.fields = body?.fields ?? {};
    this.retryAfter = body?.retry_after;
  }
}

export function newKey() {
  return crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(36)).join("");
}

async function send(address, options = {}) {
  const headers = { "X-Fragment": "1", ...options.headers };
  if (options.method && options.method !== "GET") {
    headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]')?.content ?? "";
  }
  const answer = await fetch(address, { credentials: "same-origin", ...options, headers });
  if (answer.ok) return answer;
  const body = answer.headers.get("content-type")?.includes("json") ? await answer.json() : null;
  throw new Problem(answer.status, body);
}

/** The HTML of a fragment. */
export async function fragment(address, options) {
  return (await send(address, options)).text();
}

export async function json(address, options) {
  return (await send(address, { ...options, headers: { Accept: "application/json", ...options?.headers } })).json();
}

/** Send a form's fields (FormData or a plain object); resolves to the Response. With ``keepalive`` it gets there also
    when the page is left at once. */
export function post(address, fields, { key, keepalive = false } = {}) {
  const body = fields instanceof FormData ? fields : new URLSearchParams(fields);
  return send(address, { method: "POST", body, keepalive, headers: key ? { "Idempotency-Key": key } : {} });
}

/** A DOM element from a fragment's HTML. */
export function element(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}
