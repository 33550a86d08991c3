/* The desk by keyboard: a button with data-key is pressed by that key while nobody types.
   Everything here is an extra: without it the buttons are clicked. */
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var at = document.activeElement;
    var typing = at && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    var wanted = '[data-key="' + CSS.escape(event.key.toLowerCase()) + '"]';
    var button = document.querySelector(wanted);
    if (!button) return;
    event.preventDefault();
    button.click();
  });
})();
