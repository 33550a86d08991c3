/* Saves a draft while it is written. An extra: without it the buttons save. */
(function () {
  "use strict";
  var WAIT = 1500;

  document.querySelectorAll("form[data-autosave]").forEach(function (form) {
    var note = form.querySelector("[data-autosave-note]");
    var timer = 0, running = false, again = false, stopped = false, waiting = null;

    function say(text) { if (note) note.textContent = text; }

    function set(name, value) {
      var field = form.elements[name];
      if (field && value !== undefined && value !== null) field.value = value;
    }

    function save() {
      if (running) { again = true; return; }
      running = true;
      say("正在保存…");
      fetch(form.getAttribute("action") || location.href, {
        method: "POST", body: new FormData(form), headers: {"X-Autosave": "1"},
        credentials: "same-origin", redirect: "error"
      }).then(function (answer) {
        return answer.json().then(function (body) {
          if (answer.ok) {
            set("edition", body.edition);
            set("count", body.count);
            say("已自动保存 " + body.at);
          } else {
            stopped = answer.status === 409;
            say(body.problem || "未自动保存");
          }
        });
      }).catch(function () { say("未自动保存，请用按钮保存"); }).then(function () {
        running = false;
        if (waiting) { form.requestSubmit(waiting.by || undefined); return; }
        if (again && !stopped) { again = false; save(); }
      });
    }

    form.addEventListener("input", function () {
      if (stopped) return;
      clearTimeout(timer);
      timer = setTimeout(save, WAIT);
    });
    form.addEventListener("submit", function (event) {
      clearTimeout(timer);
      if (!running) return;
      event.preventDefault(); // the form waits for the edition that the save returns
      waiting = {by: event.submitter};
    });
  });
}());
