"use strict";
(function () {
  var form = document.querySelector(".filters");
  var count = document.getElementById("count");
  var controls = Array.from(form.querySelectorAll("[data-field]"));
  var entries = Array.from(document.querySelectorAll(".entry")).map(function (element) {
    return { element: element, data: Object.assign({}, element.dataset), words: null };
  });
  function wordsOf(entry) {
    if (entry.words === null) { entry.words = entry.element.textContent.toLowerCase(); }
    return entry.words;
  }
  function matches(entry, field, value) {
    if (field === "words") { return wordsOf(entry).indexOf(value.toLowerCase()) >= 0; }
    // Values stand between strokes; a code is followed by its sub-codes.
    var own = "|" + entry.data[field] + "|";
    return own.indexOf("|" + value + "|") >= 0 || (field === "codes" && own.indexOf("|" + value + "/") >= 0);
  }
  function filter() {
    var wanted = controls.filter(function (control) { return control.value !== ""; });
    var shown = 0;
    entries.forEach(function (entry) {
      var show = wanted.every(function (control) {
        return matches(entry, control.dataset.field, control.value);
      });
      if (entry.element.hidden === show) { entry.element.hidden = !show; }
      if (show) { shown += 1; }
    });
    var all = entries.length.toLocaleString("en-GB") + " passages";
    count.textContent = wanted.length ? shown.toLocaleString("en-GB") + " of " + all : all;
  }
  function reveal() {
    var target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.hidden) { form.reset(); filter(); target.scrollIntoView(); }
  }
  form.addEventListener("input", filter);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(filter, 0); });
  window.addEventListener("hashchange", reveal);
  filter();
  reveal();
})();
