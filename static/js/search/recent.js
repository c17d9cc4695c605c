/* What one searched for lately: kept in this browser alone, apart for each person who signs in on it. */

const MOST = 8;

function key() {
  return `recent-searches:${document.body.dataset.viewer}`;
}

export function recent() {
  try {
    const kept = JSON.parse(localStorage.getItem(key()) ?? "[]");
    return Array.isArray(kept) ? kept.filter((line) => typeof line === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

export function remember(line) {
  const words = line.trim().slice(0, 200);
  if (!words) return;
  keep([words, ...recent().filter((other) => other !== words)].slice(0, MOST));
}

export function forget() {
  keep([]);
}

function keep(lines) {
  try {
    localStorage.setItem(key(), JSON.stringify(lines));
  } catch {
    // private mode: nothing is remembered
  }
}
