"use strict";
(function () {
  // The same questions, answered by the same rules, as analysis.report.evidence_index.
  var index = JSON.parse(document.getElementById("index").textContent);
  var form = document.querySelector(".filters");
  var controls = Array.from(form.querySelectorAll("[data-field]"));
  var count = document.getElementById("count");
  var asked = document.getElementById("asked");
  var listed = document.getElementById("listed");
  var note = document.getElementById("copied");
  var OF_SOURCE = { source: 0, "case": 1, kind: 2, role: 3 };
  var JOINS = ["code", "and", "or", "not", "near"];
  var SEVERAL = ["source", "case", "kind", "role", "voice", "coder", "claim", "without-role", "without-case"];
  var NAMES = { "without-role": "without cases in the role", "without-case": "without the case", coding: "coding", bears: "bears", within: "codes together in one", list: "listed" };
  var passages = index.passages.map(function (one) {
    return { id: one[0], source: one[1], place: one[2], voice: one[3], bears: one[4], rows: one[5],
      element: document.getElementById(one[0]), words: null };
  });

  function unique(names) { return Array.from(new Set(names)); }
  function questionOf(fragment) {
    if (fragment.indexOf("=") < 0) { return []; }
    return Array.from(new URLSearchParams(fragment)).filter(function (part) { return part[1] !== ""; });
  }
  function fragmentOf(question) {
    return question.map(function (part) {
      return part[0] + "=" + encodeURIComponent(part[1]).replace(/%2F/g, "/").replace(/%3D/g, "=");
    }).join("&");
  }
  function is(own, code) {
    if (!code) { return true; }
    if (code[0] === "=") { return own === code.slice(1); }
    return own === code || own.indexOf(code + "/") === 0;
  }
  function taken(question) {
    var found = { list: "passages", within: "passage", window: "3", meets: "", coding: "", bears: "", words: "", joined: [] };
    SEVERAL.forEach(function (name) { found[name] = []; });
    question.forEach(function (part) {
      if (JOINS.indexOf(part[0]) >= 0) { found.joined.push(part); }
      else if (SEVERAL.indexOf(part[0]) >= 0) { found[part[0]].push(part[1]); }
      else if (part[0] in found && part[0] !== "joined") { found[part[0]] = part[1]; }
    });
    found.words = found.words.toLowerCase();
    found.ofPassages = Boolean(found.joined.length || found.meets || found.coding || found.bears || found.words ||
      found.voice.length || found.coder.length || found.claim.length);
    return found;
  }
  function rows(ask, one, code) {
    return one.rows.filter(function (row) {
      return (row[4] || ask.coding !== "counted") && is(index.codes[row[0]], code) &&
        (!ask.coder.length || ask.coder.indexOf(index.coders[row[1]]) >= 0);
    });
  }
  function among(ask) {
    var leftOut = new Set();
    if (ask["without-role"].length) {
      index.sources.forEach(function (one) {
        if (ask["without-role"].indexOf(one[3]) >= 0 && (!ask.kind.length || ask.kind.indexOf(one[2]) >= 0)) { leftOut.add(one[1]); }
      });
    }
    var found = new Set();
    index.sources.forEach(function (one, at) {
      var fits = Object.keys(OF_SOURCE).every(function (name) {
        return !ask[name].length || ask[name].indexOf(one[OF_SOURCE[name]]) >= 0;
      });
      if (fits && !leftOut.has(one[1]) && ask["without-case"].indexOf(one[1]) < 0) { found.add(at); }
    });
    return found;
  }
  function wordsOf(one) {
    if (one.words === null) {
      one.words = Array.from(one.element.querySelectorAll(".passage p")).map(function (paragraph) {
        var copy = paragraph.cloneNode(true);
        copy.querySelectorAll("sup").forEach(function (mark) { mark.remove(); });
        return copy.textContent;
      }).join(" ").toLowerCase();
    }
    return one.words;
  }
  function fits(ask, one) {
    if (ask.voice.length && ask.voice.indexOf(one.voice) < 0) { return false; }
    if ((ask.coder.length || ask.coding === "counted") && !rows(ask, one, "").length) { return false; }
    if (ask.words && wordsOf(one).indexOf(ask.words) < 0) { return false; }
    if (!ask.claim.length && !ask.bears) { return true; }
    var does = one.bears.filter(function (each) { return !ask.claim.length || ask.claim.indexOf(each[0]) >= 0; })
      .map(function (each) { return each[1]; });
    if (!ask.bears || ask.bears === "any") { return does.length > 0; }
    return ask.bears === "not judged" ? !does.length : does.indexOf(ask.bears) >= 0;
  }
  function near(ask, own, held, code) {
    var first = ask.joined[0][1];
    function looksBack(one, name) {
      return own.some(function (other) {
        return held[name].has(other.id) && other.source === one.source && other.place >= 0 &&
          other.place <= one.place && one.place - other.place < Number(ask.window);
      });
    }
    return new Set(own.filter(function (one) {
      return one.place >= 0 && (held[first].has(one.id) || held[code].has(one.id)) && looksBack(one, first) && looksBack(one, code);
    }).map(function (one) { return one.id; }));
  }
  function found(ask, sources) {
    var own = passages.filter(function (one) { return sources.has(one.source) && fits(ask, one); });
    if (!ask.joined.length) { return own; }
    function place(one) {
      return ask.within === "source" ? one.source : ask.within === "case" ? index.sources[one.source][1] : one.id;
    }
    var held = {};
    ask.joined.forEach(function (part) {
      held[part[1]] = new Set(own.filter(function (one) { return rows(ask, one, part[1]).length; }).map(place));
    });
    var kept = new Set(held[ask.joined[0][1]]);
    ask.joined.slice(1).forEach(function (part) {
      var other = held[part[1]];
      if (part[0] === "or") { other.forEach(function (each) { kept.add(each); }); }
      else if (part[0] === "near") { kept = near(ask, own, held, part[1]); }
      else { kept = new Set(Array.from(kept).filter(function (each) { return other.has(each) === (part[0] === "and"); })); }
    });
    return own.filter(function (one) {
      return kept.has(place(one)) && (ask.within === "passage" || ask.joined.some(function (part) {
        return part[0] !== "not" && rows(ask, one, part[1]).length;
      }));
    });
  }
  function segments(ask, one) {
    var codes = ask.joined.filter(function (part) { return part[0] !== "not"; }).map(function (part) { return part[1]; });
    var names = [];
    (codes.length ? codes : [""]).forEach(function (code) {
      rows(ask, one, code).forEach(function (row) {
        var name = index.sources[one.source][0] + " " + row[2] + "-" + row[3] + " " + index.coders[row[1]];
        names.push(ask.joined.length ? name : name + " " + index.codes[row[0]]);
      });
    });
    return names;
  }
  function meetings(ask, there) {
    var sources = new Set(there.map(function (one) { return one.source; }));
    var own = ask.joined.length ? passages.filter(function (one) { return sources.has(one.source) && fits(ask, one); }) : there;
    function spans(source, code) {
      var all = {};
      own.forEach(function (one) {
        if (one.source === source) {
          rows(ask, one, code).forEach(function (row) { all[row[2] + "-" + row[3] + " " + row[1]] = [row, one]; });
        }
      });
      return Object.values(all);
    }
    var met = [];
    sources.forEach(function (source) {
      var others = spans(source, ask.meets);
      spans(source, ask.joined.length ? ask.joined[0][1] : "").forEach(function (a) {
        others.forEach(function (b) {
          if (a[0][1] === b[0][1] && a[0][2] < b[0][3] && b[0][2] < a[0][3]) {
            met.push([index.sources[source][0] + " " + a[0][2] + "-" + a[0][3] + " " + b[0][2] + "-" + b[0][3] + " " + index.coders[a[0][1]], a[1].id]);
          }
        });
      });
    });
    return met;
  }
  // Each entry: its name, the passage it leads to, and the passages of it.
  function entries(ask) {
    var sources = among(ask), column = ask.list === "sources" ? 0 : 1, order = [], by = {};
    function put(name, id) {
      if (!by[name]) { by[name] = []; order.push(name); }
      if (id) { by[name].push(id); }
    }
    var byOwner = ask.list === "sources" || ask.list === "cases";
    var there = byOwner && !ask.ofPassages ? passages.filter(function (one) { return sources.has(one.source); }) : found(ask, sources);
    if (byOwner) {
      if (!ask.ofPassages) { sources.forEach(function (at) { put(index.sources[at][column], ""); }); }
      there.forEach(function (one) { put(index.sources[one.source][column], one.id); });
    } else if (ask.list === "segments") {
      there.forEach(function (one) { segments(ask, one).forEach(function (name) { put(name, one.id); }); });
    } else if (ask.list === "meetings") {
      meetings(ask, there).forEach(function (one) { put(one[0], one[1]); });
    } else {
      there.forEach(function (one) { put(one.id, one.id); });
    }
    return { names: byOwner ? order.sort() : order, by: by, there: there };
  }
  function told(number, many) {
    return number.toLocaleString("en-GB") + " " + (number === 1 ? many.replace(/s$/, "") : many);
  }
  function said(question) {
    return question.filter(function (part) { return part[0] !== "list" && !(part[0] === "within" && part[1] === "passage"); })
      .map(function (part) {
        if (part[0] === "coding") { return "coding as it is counted"; }
        return (NAMES[part[0]] || part[0]) + " " + part[1].replace(/_/g, " ").replace(/^=/, "exactly ");
      }).join(" · ");
  }
  function ofEntry(ask, name, ids) {
    var item = document.createElement("li"), link = document.createElement("a");
    var rest = current.filter(function (part) { return part[0] !== "list" && part[0] !== "within"; });
    if (ask.list === "cases" || ask.list === "sources") {
      var own = index.sources.filter(function (one) { return one[ask.list === "cases" ? 1 : 0] === name; })[0];
      link.textContent = name;
      var joins = ask.joined.length > 1 ? rest.filter(function (part) { return JOINS.indexOf(part[0]) < 0; }) : rest;
      link.href = "#" + fragmentOf(joins.concat([[ask.list === "cases" ? "case" : "source", name]]));
      item.append(link, ", " + own[3].replace(/_/g, " ") + ": " + told(ids.length, "passages"));
    } else {
      link.textContent = ids[0].slice(2);
      link.href = "#" + ids[0];
      item.append(link, " (" + name.replace(/^\S+ /, "") + ")");
    }
    return item;
  }

  var current = [];
  function show() {
    var ask = taken(current), result = entries(ask);
    var shown = new Set(result.there.map(function (one) { return one.id; }));
    passages.forEach(function (one) {
      var hide = !shown.has(one.id);
      if (one.element.hidden !== hide) { one.element.hidden = hide; }
    });
    var hidden = result.there.filter(function (one) { return one.id[0] === "w"; }).length;
    var number = told(result.names.length, ask.list);
    count.dataset.entries = result.names.length;
    count.textContent = number + (ask.list === "passages" ? (current.length ? " of " + told(passages.length, "passages") : "")
      : ", in " + told(result.there.length, "passages")) + (hidden ? "; " + hidden.toLocaleString("en-GB") + " may not be shown" : "");
    asked.textContent = current.length ? "Asked: " + (said(current) || "everything") : "";
    listed.replaceChildren();
    if (ask.list !== "passages") {
      result.names.forEach(function (name) { listed.append(ofEntry(ask, name, result.by[name])); });
    }
    controls.forEach(function (control) {
      var own = current.filter(function (part) { return control.dataset.field.split(" ").indexOf(part[0]) >= 0; });
      var value = own.length ? own[0][1] : control.dataset.without || "";
      if (control.dataset.field === "and or not near") { value = own.length ? own[0][1] : ""; }
      if (document.activeElement !== control || control.type !== "search") { control.value = value; }
    });
    var joint = current.filter(function (part) { return JOINS.indexOf(part[0]) > 0; })[0];
    if (joint) { join.value = joint[0]; }
  }
  var join = document.getElementById("join");
  function read() {
    var fragment = location.hash.slice(1);
    var next = questionOf(fragment);
    if (next.length || !fragment) {
      current = next;
      show();
      if (next.length) { window.scrollTo(0, listed.offsetTop - count.parentNode.offsetHeight - 8); }
      return;
    }
    var target = document.getElementById(decodeURIComponent(fragment));
    if (target && target.hidden) { current = []; show(); target.scrollIntoView(); }
  }
  function change(event) {
    var next = [];
    controls.forEach(function (control) {
      var field = control.dataset.field === "and or not near" ? join.value : control.dataset.field;
      if (control.value && control.value !== control.dataset.without) { next.push([field, control.value]); }
    });
    var kept = current.filter(function (part) {
      return ["within", "window", "meets", "without-role", "without-case"].indexOf(part[0]) >= 0;
    });
    current = next.concat(kept);
    var address = "#" + fragmentOf(current);
    // Each choice is a step to come back to; each letter typed is not.
    if (event.target.type === "search") { history.replaceState(null, "", address); } else { history.pushState(null, "", address); }
    show();
  }
  form.addEventListener("input", change);
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () {
    setTimeout(function () { current = []; history.pushState(null, "", location.pathname.split("/").pop() || "evidence.html"); show(); }, 0);
  });
  window.addEventListener("hashchange", read);
  window.addEventListener("popstate", read);

  function copy(text, what) {
    function done() { note.textContent = "Copied: " + what; }
    function byHand() {
      var area = document.createElement("textarea");
      area.value = text; document.body.append(area); area.select();
      document.execCommand("copy"); area.remove(); done();
    }
    if (navigator.clipboard) { navigator.clipboard.writeText(text).then(done, byHand); } else { byHand(); }
  }
  function include(name) { return "{{" + "< include /_generated/quotations/" + name + ".md >" + "}}"; }
  var pointed = null;
  document.addEventListener("mouseover", function (event) { pointed = event.target.closest ? event.target.closest(".entry") : null; });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button[data-copy]");
    if (!button) { return; }
    if (button.dataset.copy === "id") { copy(button.value, button.value); } else { copy(include(button.value), "the line that quotes " + button.value); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) { return; }
    var entry = event.target.closest(".entry") || pointed;
    if (!entry || (event.key !== "c" && event.key !== "q")) { return; }
    var button = entry.querySelector('button[data-copy="' + (event.key === "c" ? "id" : "quotation") + '"]');
    if (button) { button.click(); }
  });
  show();
  read();
})();
