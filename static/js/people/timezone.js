/* An empty time zone is filled with the browser's own, to be saved or changed. */

export function connect(input) {
  if (!input.value) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "";
}
