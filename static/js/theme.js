/* Before first paint: the theme the reader chose. Everything else waits. */
{
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // private mode: the system's theme it is
  }
  if (theme) document.documentElement.dataset.theme = theme;
}
