/* Follow and unfollow without leaving the page. The button answers at once and takes it back when the line is down. */

import { post } from "couth/kernel/http.js";
import { toast } from "couth/kernel/toast.js";

export function connect(form) {
  const button = form.querySelector("button");
  const address = form.dataset.address;
  const show = (follows) => {
    button.setAttribute("aria-pressed", String(follows));
    form.action = `${address}/${follows ? "unfollow" : "follow"}`;
  };
  async function send(event) {
    event.preventDefault();
    if (button.getAttribute("aria-busy") === "true") return;
    const follows = button.getAttribute("aria-pressed") !== "true";
    const fields = new FormData(form);
    const target = form.action;
    button.setAttribute("aria-busy", "true");
    show(follows);
    try {
      const answer = await (await post(target, fields)).json();
      show(answer.is_followed);
      tell(address, answer);
    } catch {
      show(!follows);
      toast(form.dataset.failed);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }
  form.addEventListener("submit", send);
  return () => form.removeEventListener("submit", send);
}

/** Other buttons for the same thing, and its count, say the same; feeds in other windows learn of it. */
function tell(address, { is_followed: follows, words }) {
  const others = new BroadcastChannel("couth-follows");
  others.postMessage({ address, follows });
  others.close();
  for (const other of document.querySelectorAll("form.follow")) {
    if (other.dataset.address !== address) continue;
    other.querySelector("button").setAttribute("aria-pressed", String(follows));
    other.action = `${address}/${follows ? "unfollow" : "follow"}`;
  }
  const count = document.querySelector(`a[href="${address}/followers"][data-follower-count]`);
  if (count) count.textContent = words;
}
