/* Before first paint: that there is script, and the theme the reader chose. Everything else waits. */
{
  document.documentElement.dataset.script = "";
  let theme = null;
  try {
    theme = localStorage.getItem("theme");
  } catch {
    // private mode: the system's theme it is
  }
  if (theme) document.documentElement.dataset.theme = theme;
}
