/* What every page can do beyond HTML. Everything here is an extra: without it the pages work. */
(function () {
  "use strict";

  var root = document.documentElement;

  function all(selector, within) {
    return Array.from((within || document).querySelectorAll(selector));
  }

  function keep(key, value) {
    try {
      localStorage.setItem(key, value);
    } catch (error) {
      /* the choice then lasts for this page only */
    }
  }

  function say(text) {
    var box = document.querySelector(".toasts");
    if (!box) {
      box = document.createElement("div");
      box.className = "toasts";
      box.setAttribute("role", "status");
      document.body.appendChild(box);
    }
    var toast = document.createElement("div");
    toast.className = "toast";
    toast.textContent = text;
    box.appendChild(toast);
    setTimeout(function () { toast.remove(); }, 5000);
  }

  function showSwitches() {
    var dark = root.getAttribute("data-theme") === "dark";
    var large = root.getAttribute("data-size") === "large";
    all("[data-act=theme]").forEach(function (button) { button.setAttribute("aria-pressed", dark); });
    all("[data-act=size]").forEach(function (button) { button.setAttribute("aria-pressed", large); });
  }

  var ACTS = {
    theme: function () {
      var next = root.getAttribute("data-theme") === "dark" ? "light" : "dark";
      root.setAttribute("data-theme", next);
      keep("tq-theme", next);
      showSwitches();
    },
    size: function () {
      var large = root.getAttribute("data-size") !== "large";
      if (large) root.setAttribute("data-size", "large");
      else root.removeAttribute("data-size");
      keep("tq-size", large ? "large" : "");
      showSwitches();
    },
    open: function (button) {
      var dialog = document.querySelector(button.getAttribute("data-target"));
      if (dialog && dialog.showModal) dialog.showModal();
    },
    close: function (button) {
      var dialog = button.closest("dialog");
      if (dialog) dialog.close(); // the browser gives the focus back
    },
    print: function () { window.print(); },
    copy: function (button) {
      var source = document.querySelector(button.getAttribute("data-target"));
      if (!source || !navigator.clipboard) return;
      navigator.clipboard.writeText(source.textContent.trim()).then(function () { say("已复制"); });
    }
  };

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-act]");
    if (button && ACTS[button.getAttribute("data-act")]) ACTS[button.getAttribute("data-act")](button);

    all("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    if (event.target.tagName === "DIALOG") { // a click on the backdrop, not on the dialog's content
      var box = event.target.getBoundingClientRect();
      var inside = event.clientX >= box.left && event.clientX <= box.right &&
        event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      all("details.menu[open]").forEach(function (menu) {
        menu.open = false;
        menu.querySelector("summary").focus();
      });
    }
    var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    var search = document.querySelector("[data-hotsearch]");
    if (event.key === "/" && !typing && search) {
      event.preventDefault();
      search.focus();
    }
  });

  /* What a search box suggests is a list of links: arrows move through it, Escape closes it. */
  document.addEventListener("keydown", function (event) {
    var box = document.querySelector("[data-suggest] input[type=search]");
    var links = all(".suggest a");
    if (!box || !links.length) return;
    var at = document.activeElement === box ? -1 : links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== box) return;
    if (event.key === "Escape") {
      links[0].closest(".suggest").remove();
      box.focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      var to = event.key === "ArrowDown" ? at + 1 : at - 1;
      (to < 0 ? box : links[Math.min(to, links.length - 1)]).focus();
    }
  });

  /* Tabs inside a page: arrow keys move. Without JavaScript all panels are shown. */
  function tabs(list) {
    var items = all("[role=tab]", list);
    function choose(tab, withFocus) {
      items.forEach(function (item) {
        var on = item === tab;
        item.setAttribute("aria-selected", on);
        item.tabIndex = on ? 0 : -1;
        var panel = document.getElementById(item.getAttribute("aria-controls"));
        if (panel) panel.hidden = !on;
      });
      if (withFocus) tab.focus();
    }
    items.forEach(function (tab, at) {
      tab.addEventListener("click", function () { choose(tab, false); });
      tab.addEventListener("keydown", function (event) {
        var to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[event.key];
        if (to === undefined) return;
        event.preventDefault();
        choose(items[(to + items.length) % items.length], true);
      });
    });
    var first = items.find(function (tab) { return tab.getAttribute("aria-selected") === "true"; });
    if (first || items[0]) choose(first || items[0], false);
  }

  /* Section navigation: mark the section in view. */
  function spy(nav) {
    var links = all('a[href^="#"]', nav);
    function mark() {
      var current = links[0];
      links.forEach(function (link) {
        var section = document.getElementById(link.getAttribute("href").slice(1));
        if (section && section.getBoundingClientRect().top <= 200) current = link;
      });
      links.forEach(function (link) {
        if (link === current) link.setAttribute("aria-current", "true");
        else link.removeAttribute("aria-current");
      });
    }
    document.addEventListener("scroll", mark, { passive: true });
    mark();
  }

  /* Decision cards: data-when="name=a|b" shows what belongs to the choice. */
  function showChoice(name) {
    all('.choice input[name="' + name + '"]').forEach(function (input) {
      input.closest(".choice").classList.toggle("is-on", input.checked);
    });
    all('[data-when^="' + name + '="]').forEach(function (part) {
      var wanted = part.getAttribute("data-when").split("=")[1].split("|");
      var on = all('input[name="' + name + '"]').some(function (input) {
        return input.checked && wanted.indexOf(input.value) >= 0;
      });
      part.hidden = !on;
      all("[data-req]", part).forEach(function (input) { input.required = on; });
    });
  }

  /* data-mirror="id" repeats an input's text in a preview; data-count="id" counts it. */
  function mirror(input) {
    var target = document.getElementById(input.getAttribute("data-mirror"));
    if (!target) return;
    function copy() {
      var text = input.tagName === "SELECT" && input.selectedIndex >= 0
        ? input.options[input.selectedIndex].text : input.value;
      target.textContent = text || target.getAttribute("data-empty") || "";
    }
    input.addEventListener("input", copy);
    input.addEventListener("change", copy);
    copy();
  }

  function count(input) {
    var target = document.getElementById(input.getAttribute("data-count"));
    if (!target) return;
    function show() { target.textContent = input.value.length; }
    input.addEventListener("input", show);
    show();
  }

  /* Our own control for a file says which one was chosen. */
  function fileName(input) {
    var label = input.parentNode.lastElementChild;
    input.addEventListener("change", function () {
      var names = Array.from(input.files || []).map(function (file) { return file.name; });
      label.textContent = names.join("、") || "未选择文件";
    });
  }

  function begin(within) {
    all("input[data-file]", within).forEach(fileName);
    all("[role=tablist]", within).forEach(tabs);
    all("[data-spy]", within).forEach(spy);
    all(".tabs > [aria-current], .tabs > [aria-selected=true]", within).forEach(function (tab) {
      tab.parentNode.scrollLeft = tab.offsetLeft - tab.parentNode.offsetLeft - 32;
    });
    all("[data-mirror]", within).forEach(mirror);
    all("[data-count]", within).forEach(count);
    all("[data-autosubmit]", within).forEach(function (input) {
      input.addEventListener("change", function () { input.form.requestSubmit(); });
    });
    var names = {};
    all("input[type=radio]", within).forEach(function (input) {
      if (!input.name || (!input.closest(".choice") && !document.querySelector('[data-when^="' + input.name + '="]'))) return;
      if (!names[input.name]) showChoice(input.name);
      names[input.name] = true;
      input.addEventListener("change", function () { showChoice(input.name); });
    });
    if (matchMedia("(max-width: 64rem)").matches) {
      all(".facet-m", within).forEach(function (facet) { facet.open = false; });
    }
  }

  /* A form is sent once: the button rests while the answer is under way. */
  document.addEventListener("submit", function (event) {
    var button = event.submitter;
    if (!button || event.defaultPrevented || event.target.method === "get") return;
    setTimeout(function () { button.setAttribute("aria-busy", "true"); }, 0);
  });
  window.addEventListener("pageshow", function () {
    all("button[aria-busy=true]").forEach(function (button) { button.removeAttribute("aria-busy"); });
  });

  document.addEventListener("toast", function (event) { say(event.detail.value || event.detail); });
  document.addEventListener("htmx:afterSwap", function (event) { begin(event.detail.target); });
  showSwitches();
  begin(document);
  var wrong = document.querySelector("[data-errsum], [aria-invalid=true]");
  if (wrong) wrong.focus();
})();
