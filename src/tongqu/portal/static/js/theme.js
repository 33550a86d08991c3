/* Runs in <head>, before the first frame: theme and text size as last chosen. */
(function (root) {
  "use strict";

  function kept(key) {
    try {
      return localStorage.getItem(key);
    } catch (error) {
      return null; // storage is closed to us: follow the system
    }
  }

  var theme = kept("tq-theme");
  if (!theme && matchMedia("(prefers-color-scheme: dark)").matches) theme = "dark";
  root.setAttribute("data-theme", theme === "dark" ? "dark" : "light");
  if (kept("tq-size") === "large") root.setAttribute("data-size", "large");
  root.classList.add("js");
})(document.documentElement);
