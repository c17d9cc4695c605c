/* "Post later" of a composer: its time is by this browser's clock, and it says so. */

export function prepareLater(form) {
  const zone = form.querySelector("[data-zone]");
  if (!zone) return;
  zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
  const hint = form.querySelector("[data-zone-hint]");
  if (zone.value) hint.textContent = hint.dataset.zoneHint.replace("{zone}", zone.value);
}
