"use strict";
(function () {
  // The same questions, answered by the same rules, as analysis.report.evidence_index. Passages and
  // what they carry are columns of numbers, so that a million are asked as quickly as a hundred.
  var form = document.querySelector(".filters");
  var controls = Array.from(form.querySelectorAll("[data-field]"));
  var count = document.getElementById("count");
  var asked = document.getElementById("asked");
  var listed = document.getElementById("listed");
  var note = document.getElementById("copied");
  var parts = document.getElementById("parts");
  var JOINS = ["code", "and", "or", "not", "near"];
  var SEVERAL = ["source", "case", "kind", "role", "voice", "coder", "claim", "without-role", "without-case"];
  var NAMES = { "without-role": "without cases in the role", "without-case": "without the case", coding: "coding", bears: "bears", within: "codes together in one", list: "listed" };
  var PLAIN = ["kind", "role", "without-role", "voice"];
  var LISTED = parts ? 200 : 2000, SHOWN = 20, TOGETHER = 250, KEPT = 200;
  var data = null;

  // --- the columns ---
  function numbered(values) {
    var names = [], at = new Map();
    var numbers = Int32Array.from(values, function (value) {
      if (!at.has(value)) { at.set(value, names.length); names.push(value); }
      return at.get(value);
    });
    return { names: names, numbers: numbers };
  }
  function withFirst(columns, rows) {
    columns.first = new Int32Array(rows.length + 1);
    columns.of = new Int32Array(columns.code.length);
    for (var p = 0; p < rows.length; p++) {
      columns.first[p + 1] = columns.first[p] + rows[p];
      columns.of.fill(p, columns.first[p], columns.first[p + 1]);
    }
    columns.n = rows.length;
    return columns;
  }
  // What the page carries itself.
  function carried(tree) {
    var all = [], elements = [], bears = new Map();
    tree.passages.forEach(function (one, p) {
      one[5].forEach(function (row) { all.push(row); });
      elements.push(document.getElementById(one[0]));
      if (one[4].length) { bears.set(p, one[4]); }
    });
    function column(at) { return Int32Array.from(all, function (row) { return row[at]; }); }
    function ofSource(at) { return numbered(tree.sources.map(function (one) { return one[at]; })); }
    var voices = numbered(tree.passages.map(function (one) { return one[3]; }));
    var cases = ofSource(1), kinds = ofSource(2), roles = ofSource(3);
    var found = withFirst({
      codes: tree.codes, coders: tree.coders, voices: voices.names, elements: elements, bears: bears,
      sources: tree.sources.map(function (one) { return one[0]; }),
      cases: cases.names, kinds: kinds.names, roles: roles.names,
      "case": cases.numbers, kind: kinds.numbers, role: roles.numbers, voice: voices.numbers,
      source: Int32Array.from(tree.passages, function (one) { return one[1]; }),
      place: Int32Array.from(tree.passages, function (one) { return one[2]; }),
      code: column(0), coder: column(1), start: column(2), end: column(3), counted: column(4),
      words: []
    }, tree.passages.map(function (one) { return one[5].length; }));
    var ids = tree.passages.map(function (one) { return one[0]; });
    found.idOf = function (p) { return ids[p]; };
    found.at = function (id) { return ids.indexOf(id); };
    return found;
  }
  // What lies beside the page.
  function unpacked(packed) {
    var text = atob(packed[1]), bytes = new Uint8Array(text.length);
    for (var at = 0; at < text.length; at++) { bytes[at] = text.charCodeAt(at); }
    return packed[0] === 1 ? bytes : packed[0] === 2 ? new Uint16Array(bytes.buffer) : new Uint32Array(bytes.buffer);
  }
  function beside(tree) {
    var found = { bears: new Map() };
    ["sources", "cases", "kinds", "roles", "voices", "codes", "coders"].forEach(function (name) { found[name] = tree[name]; });
    Object.keys(tree.columns).forEach(function (name) { found[name] = unpacked(tree.columns[name]); });
    tree.bears.forEach(function (one) { found.bears.set(one[0], one.slice(1)); });
    withFirst(found, found.rows);
    found.place = Int32Array.from(found.place, function (place) { return place - 1; });
    found.end = new Uint32Array(found.length.length);
    for (var row = 0; row < found.end.length; row++) { found.end[row] = found.start[row] + found.length[row]; }
    found.idOf = function (p) {
      return (found.hidden[p] ? "w-" : "q-") + found.sources[found.source[p]] + "-" + found.number[p];
    };
    found.at = function (id) {
      var cut = id.lastIndexOf("-"), source = found.sources.indexOf(id.slice(2, cut)), number = Number(id.slice(cut + 1));
      for (var p = 0; source >= 0 && p < found.n; p++) {
        if (found.source[p] === source && found.number[p] === number && found.idOf(p) === id) { return p; }
      }
      return -1;
    };
    return found;
  }

  // --- questions ---
  function questionOf(fragment) {
    if (fragment.indexOf("=") < 0) { return []; }
    return Array.from(new URLSearchParams(fragment)).filter(function (part) { return part[1] !== ""; });
  }
  function fragmentOf(question) {
    return question.map(function (part) {
      return part[0] + "=" + encodeURIComponent(part[1]).replace(/%2F/g, "/").replace(/%3D/g, "=");
    }).join("&");
  }
  // =code is that code alone; of a name that begins with = each of these stands twice.
  function nameOf(asked) {
    var signs = asked.match(/^=*/)[0].length;
    return { alone: signs % 2 === 1, code: "=".repeat(Math.floor(signs / 2)) + asked.slice(signs) };
  }
  function is(own, code) {
    if (!code) { return true; }
    var named = nameOf(code);
    return own === named.code || (!named.alone && own.indexOf(named.code + "/") === 0);
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
  function chosen(names, values) {
    var kept = new Uint8Array(names.length);
    names.forEach(function (name, at) { kept[at] = !values.length || values.indexOf(name) >= 0 ? 1 : 0; });
    return kept;
  }
  function prepared(ask) {
    ask.coders = ask.coder.length ? chosen(data.coders, ask.coder) : null;
    ask.countedOnly = ask.coding === "counted";
    ask.voices = chosen(data.voices, ask.voice);
    ask.sets = {};
    ask.joined.map(function (part) { return part[1]; }).concat(["", ask.meets]).forEach(function (code) {
      ask.sets[code] = Uint8Array.from(data.codes, function (own) { return is(own, code) ? 1 : 0; });
    });
    return ask;
  }
  function asks(ask, row, set) {
    return set[data.code[row]] && (data.counted[row] || !ask.countedOnly) && (!ask.coders || ask.coders[data.coder[row]]);
  }
  function among(ask) {
    var fits = new Uint8Array(data.sources.length), leftOut = new Uint8Array(data.cases.length), s;
    var kinds = chosen(data.kinds, ask.kind), roles = chosen(data.roles, ask.role), cases = chosen(data.cases, ask["case"]);
    var without = new Set(ask["without-role"]), own = new Set(ask.source);
    for (s = 0; s < fits.length; s++) {
      if (without.has(data.roles[data.role[s]]) && kinds[data.kind[s]]) { leftOut[data["case"][s]] = 1; }
    }
    data.cases.forEach(function (name, at) { if (ask["without-case"].indexOf(name) >= 0) { leftOut[at] = 1; } });
    for (s = 0; s < fits.length; s++) {
      fits[s] = kinds[data.kind[s]] && roles[data.role[s]] && cases[data["case"][s]] && !leftOut[data["case"][s]] &&
        (!own.size || own.has(data.sources[s])) ? 1 : 0;
    }
    return fits;
  }
  function wordsOf(p) {
    if (data.words[p] === undefined) {
      data.words[p] = Array.from(data.elements[p].querySelectorAll(".passage p")).map(function (paragraph) {
        var copy = paragraph.cloneNode(true);
        copy.querySelectorAll("sup").forEach(function (mark) { mark.remove(); });
        return copy.textContent;
      }).join(" ").toLowerCase();
    }
    return data.words[p];
  }
  // Which passages hold a span of the set, as the coders put it who are asked.
  function holding(ask, set) {
    var holds = new Uint8Array(data.n), code = data.code, of = data.of, many = code.length, row;
    if (!ask.coders && !ask.countedOnly) {
      for (row = 0; row < many; row++) { if (set[code[row]]) { holds[of[row]] = 1; } }
    } else {
      for (row = 0; row < many; row++) { if (asks(ask, row, set)) { holds[of[row]] = 1; } }
    }
    return holds;
  }
  function judged(ask, p) {
    var does = (data.bears.get(p) || []).filter(function (each) { return !ask.claim.length || ask.claim.indexOf(each[0]) >= 0; })
      .map(function (each) { return each[1]; });
    if (!ask.bears || ask.bears === "any") { return does.length > 0; }
    return ask.bears === "not judged" ? !does.length : does.indexOf(ask.bears) >= 0;
  }
  // Which passages fit in all but the codes and, here, the words.
  function fittingBut(ask, sources) {
    var n = data.n, source = data.source, voice = data.voice, voices = ask.voices, p;
    var own = ask.coders || ask.countedOnly ? holding(ask, ask.sets[""]) : new Uint8Array(n).fill(1);
    for (p = 0; p < n; p++) { own[p] = own[p] & sources[source[p]] & voices[voice[p]]; }
    if (ask.claim.length || ask.bears) {
      for (p = 0; p < n; p++) { if (own[p] && !judged(ask, p)) { own[p] = 0; } }
    }
    return own;
  }
  function fitting(ask, sources) {
    var own = fittingBut(ask, sources);
    for (var p = 0; ask.words && p < data.n; p++) {
      if (own[p] && !(ask.holds ? ask.holds[p] : wordsOf(p).indexOf(ask.words) >= 0)) { own[p] = 0; }
    }
    return own;
  }
  // Passages of either code with both in them or in one of the window before: the nearest before tells.
  function near(ask, first, other) {
    var met = new Uint8Array(data.n), source = -1, seen = [0, 0], window = Number(ask.window);
    for (var p = 0; p < data.n; p++) {
      if (data.source[p] !== source) { source = data.source[p]; seen = [-Infinity, -Infinity]; }
      if (data.place[p] < 0) { continue; }
      if (first[p]) { seen[0] = data.place[p]; }
      if (other[p]) { seen[1] = data.place[p]; }
      met[p] = (first[p] || other[p]) && data.place[p] - seen[0] < window && data.place[p] - seen[1] < window ? 1 : 0;
    }
    return met;
  }
  function found(ask, sources) {
    var own = fitting(ask, sources), p;
    if (!ask.joined.length) { return own; }
    var apart = ask.within === "passage", n = data.n;
    var size = apart ? n : ask.within === "source" ? data.sources.length : data.cases.length;
    function place(p) { return ask.within === "source" ? data.source[p] : data["case"][data.source[p]]; }
    var held = {}, carries = new Uint8Array(n);
    ask.joined.forEach(function (part) {
      var there = holding(ask, ask.sets[part[1]]), holds = apart ? there : new Uint8Array(size);
      for (var p = 0; p < n; p++) { there[p] &= own[p]; }
      for (p = 0; !apart && p < n; p++) { if (there[p]) { holds[place(p)] = 1; } }
      for (p = 0; !apart && part[0] !== "not" && p < n; p++) { carries[p] |= there[p]; }
      held[part[1]] = holds;
    });
    var first = held[ask.joined[0][1]], kept = first.slice();
    ask.joined.slice(1).forEach(function (part) {
      var other = held[part[1]], at;
      if (part[0] === "near") { kept = apart ? near(ask, first, other) : new Uint8Array(size); }
      else if (part[0] === "or") { for (at = 0; at < size; at++) { kept[at] |= other[at]; } }
      else if (part[0] === "and") { for (at = 0; at < size; at++) { kept[at] &= other[at]; } }
      else { for (at = 0; at < size; at++) { kept[at] &= 1 - other[at]; } }
    });
    if (apart) { return kept; }
    for (p = 0; p < n; p++) { own[p] = own[p] && kept[place(p)] && carries[p] ? 1 : 0; }
    return own;
  }
  // The rows of a set on passages that are there, each span once: one that reaches over several
  // passages stands on all of them, one after the other.
  function spans(ask, set, there, byCode) {
    function same(a, b) {
      return data.start[a] === data.start[b] && data.end[a] === data.end[b] && data.coder[a] === data.coder[b] &&
        (!byCode || data.code[a] === data.code[b]);
    }
    // 0: the passage does not carry the span, 1: it does, and is not asked for it, 2: it is.
    function again(p, row, beyond) {
      var found = 0;
      for (var other = data.first[p]; other < beyond; other++) {
        if (same(other, row)) { if (asks(ask, other, set)) { return 2; } found = 1; }
      }
      return found;
    }
    var kept = new Int32Array(data.code.length), many = 0;
    for (var row = 0; row < data.code.length; row++) {
      var p = data.of[row];
      if (!there[p] || !asks(ask, row, set) || again(p, row, row) === 2) { continue; }
      var before = p, old = false, carried = 1;
      while (!old && carried && --before >= 0 && data.source[before] === data.source[p]) {
        carried = again(before, row, data.first[before + 1]);
        old = carried === 2 && there[before] === 1;
      }
      if (!old) { kept[many++] = row; }
    }
    return kept.subarray(0, many);
  }
  function union(ask, codes) {
    return Uint8Array.from(data.codes, function (_, at) { return codes.some(function (code) { return ask.sets[code][at]; }) ? 1 : 0; });
  }
  function named(p, row, more) {
    return data.sources[data.source[p]] + " " + data.start[row] + "-" + data.end[row] + " " + more;
  }
  function segments(ask, there) {
    var codes = ask.joined.filter(function (part) { return part[0] !== "not"; }).map(function (part) { return part[1]; });
    var rows = spans(ask, union(ask, codes.length ? codes : [""]), there, !ask.joined.length);
    return { many: rows.length, entry: function (at) {
      var row = rows[at], p = data.of[row], coder = data.coders[data.coder[row]];
      return [named(p, row, ask.joined.length ? coder : coder + " " + data.codes[data.code[row]]), p];
    } };
  }
  function meetings(ask, sources, there) {
    var own = there, any = new Uint8Array(data.sources.length), met = [], p;
    if (ask.joined.length) {
      for (p = 0; p < data.n; p++) { if (there[p]) { any[data.source[p]] = 1; } }
      own = fitting(ask, sources);
      for (p = 0; p < data.n; p++) { own[p] &= any[data.source[p]]; }
    }
    var ones = spans(ask, ask.sets[ask.joined.length ? ask.joined[0][1] : ""], own, false);
    var others = spans(ask, ask.sets[ask.meets], own, false), first = 0, beyond = 0, source = -1;
    ones.forEach(function (a) {
      var here = data.source[data.of[a]];
      if (here !== source) {
        // Both stand by source: move on to this one.
        source = here;
        while (first < others.length && data.of[others[first]] < data.of[a] && data.source[data.of[others[first]]] !== here) { first++; }
        beyond = first;
        while (beyond < others.length && data.source[data.of[others[beyond]]] === here) { beyond++; }
      }
      for (var at = first; at < beyond; at++) {
        var b = others[at];
        if (data.coder[a] === data.coder[b] && data.start[a] < data.end[b] && data.start[b] < data.end[a]) { met.push([data.of[a], a, b]); }
      }
    });
    return { many: met.length, entry: function (at) {
      var p = met[at][0], a = met[at][1], b = met[at][2];
      return [named(p, a, data.start[b] + "-" + data.end[b] + " " + data.coders[data.coder[a]]), p];
    } };
  }
  function owners(ask, sources, there) {
    var byCase = ask.list === "cases", names = byCase ? data.cases : data.sources;
    function owner(source) { return byCase ? data["case"][source] : source; }
    var marked = new Uint8Array(names.length), passages = new Int32Array(names.length), role = new Int32Array(names.length), at;
    for (at = data.sources.length - 1; at >= 0; at--) {
      role[owner(at)] = data.role[at];
      if (!ask.ofPassages && sources[at]) { marked[owner(at)] = 1; }
    }
    for (at = 0; at < data.n; at++) { if (there[at]) { marked[owner(data.source[at])] = 1; passages[owner(data.source[at])]++; } }
    var kept = [];
    marked.forEach(function (one, at) { if (one) { kept.push(at); } });
    var ordered = null;
    return { many: kept.length, entry: function (at) {
      ordered = ordered || kept.sort(function (a, b) { return names[a] < names[b] ? -1 : 1; });
      return [names[ordered[at]], passages[ordered[at]], data.roles[role[ordered[at]]]];
    } };
  }
  // How many entries there are, each entry when it is asked for, and the passages of them all.
  function entries(ask) {
    var sources = among(ask), byOwner = ask.list === "sources" || ask.list === "cases", there;
    if (byOwner && !ask.ofPassages) {
      there = new Uint8Array(data.n);
      for (var p = 0; p < data.n; p++) { there[p] = sources[data.source[p]]; }
    } else { there = found(ask, sources); }
    var passages = 0, hidden = 0;
    for (var at = 0; at < data.n; at++) {
      if (there[at]) { passages++; if (data.hidden ? data.hidden[at] : data.idOf(at)[0] === "w") { hidden++; } }
    }
    var list = byOwner ? owners(ask, sources, there) : ask.list === "segments" ? segments(ask, there)
      : ask.list === "meetings" ? meetings(ask, sources, there) : { many: passages };
    return { many: list.many, entry: list.entry, there: there, passages: passages, hidden: hidden };
  }
  function told(number, many) {
    return number.toLocaleString("en-GB") + " " + (number === 1 ? many.replace(/s$/, "") : many);
  }
  function said(question) {
    return question.filter(function (part) { return part[0] !== "list" && !(part[0] === "within" && part[1] === "passage"); })
      .map(function (part) {
        if (part[0] === "coding") { return "coding as it is counted"; }
        var value = part[1];
        if (JOINS.indexOf(part[0]) >= 0 || part[0] === "meets") {
          var named = nameOf(value);
          value = (named.alone ? "exactly " : "") + named.code;
        } else if (PLAIN.indexOf(part[0]) >= 0) { value = value.replace(/_/g, " "); }
        return (NAMES[part[0]] || part[0]) + " " + value;
      }).join(" · ");
  }
  function ofEntry(ask, entry) {
    var item = document.createElement("li"), link = document.createElement("a");
    var rest = current.filter(function (part) { return part[0] !== "list" && part[0] !== "within"; });
    if (ask.list === "cases" || ask.list === "sources") {
      link.textContent = plain(entry[0]);
      var joins = ask.joined.length > 1 ? rest.filter(function (part) { return JOINS.indexOf(part[0]) < 0; }) : rest;
      link.href = "#" + fragmentOf(joins.concat([[ask.list === "cases" ? "case" : "source", entry[0]]]));
      item.append(link, ", " + plain(entry[2].replace(/_/g, " ")) + ": " + told(entry[1], "passages"));
    } else {
      var id = data.idOf(entry[1]);
      link.textContent = plain(id.slice(2));
      link.href = "#" + id;
      item.append(link, " (" + plain(entry[0].replace(/^\S+ /, "")) + ")");
    }
    return item;
  }
  // Characters that turn the words around them are shown by number, never obeyed.
  function plain(text) {
    return text.replace(/[\u202a-\u202e\u2066-\u2069]/g, function (one) {
      return "⟨U+" + one.charCodeAt(0).toString(16).toUpperCase() + "⟩";
    });
  }

  // --- passages that lie beside the page ---
  var waiting = new Map(), kept = new Map(), turn = 0, hits = [], from = 0;
  function file(name) {
    return new Promise(function (done, failed) {
      var script = document.createElement("script");
      script.src = "evidence/" + name;
      script.onload = function () { script.remove(); done(); };
      script.onerror = function () { failed(new Error(name)); };
      document.head.append(script);
    });
  }
  function part(number) {
    if (!kept.has(number)) {
      if (kept.size > KEPT) { kept.delete(kept.keys().next().value); }
      kept.set(number, file("words-" + number + ".js").then(function () {
        var own = waiting.get(number);
        waiting.delete(number);
        return own;
      }));
    }
    return kept.get(number);
  }
  function made(tag, name, text) {
    var element = document.createElement(tag);
    if (name) { element.className = name; }
    if (text !== undefined) { element.textContent = text; }
    return element;
  }
  // The words with what is coded underlined, as analysis.text.passage_html shows them.
  function passage(p, stretches) {
    var place = {}, places = [], rows = [], start = stretches[0][0];
    var end = Math.max.apply(null, stretches.map(function (one) { return one[0] + Array.from(one[1]).length; }));
    for (var row = data.first[p]; row < data.first[p + 1]; row++) { rows.push(row); }
    rows.sort(function (a, b) {
      return data.start[a] - data.start[b] || data.end[b] - data.end[a] || data.code[a] - data.code[b] || data.coder[a] - data.coder[b];
    });
    function cut(row) { return [Math.max(data.start[row], start), Math.min(data.end[row], end)]; }
    rows = rows.filter(function (row) { return data.start[row] < end && data.end[row] > start; });
    rows.forEach(function (row) {
      if (!place[cut(row)]) { places.push(cut(row)); place[cut(row)] = places.length; }
    });
    var paragraph = made("p"), whole = made("div", "passage");
    stretches.forEach(function (stretch, at) {
      if (at) { paragraph.append(" […] "); }
      var letters = Array.from(stretch[1]), begin = stretch[0], stop = begin + letters.length;
      var edges = [begin, stop];
      places.forEach(function (one) { one.forEach(function (edge) { if (edge > begin && edge < stop) { edges.push(edge); } }); });
      edges = Array.from(new Set(edges)).sort(function (a, b) { return a - b; });
      for (var e = 0; e + 1 < edges.length; e++) {
        places.forEach(function (one, n) { if (one[0] === edges[e]) { paragraph.append(made("sup", "", "⟨" + (n + 1))); } });
        var words = plain(letters.slice(edges[e] - begin, edges[e + 1] - begin).join(""));
        var covered = places.some(function (one) { return one[0] <= edges[e] && one[1] >= edges[e + 1]; });
        paragraph.append(covered ? made("mark", "", words) : words);
        for (var n = places.length - 1; n >= 0; n--) {
          if (places[n][1] === edges[e + 1]) { paragraph.append(made("sup", "", (n + 1) + "⟩")); }
        }
      }
    });
    whole.append(paragraph);
    if (rows.length) {
      var chips = made("ul", "chips");
      chips.setAttribute("aria-label", "Codes");
      rows.forEach(function (row) {
        var chip = made("li");
        chip.append(made("b", "", String(place[cut(row)])), " " + plain(data.codes[data.code[row]].split("/").pop()) + " ",
          made("span", "coder", plain(data.coders[data.coder[row]])));
        chips.append(chip);
      });
      whole.append(chips);
    }
    return [whole, places.length];
  }
  var WHY = ["Counted, and not shown: the source did not consent to being quoted.",
    "Counted, and not shown: the register does not say yet whether it may be quoted."];
  function article(p, entry) {
    var source = data.source[p], id = data.idOf(p), name = plain(id.slice(2)), own = made("article", "entry"), heading = made("h2");
    var about = ", " + plain(data.roles[data.role[source]].replace(/_/g, " ")) + ", " + data.voices[data.voice[p]].replace(/_/g, " ") +
      (data.unasked[source] ? ", interviewer not known" : "");
    own.id = id;
    if (!entry) {
      own.className += " withheld";
      heading.textContent = plain(data.sources[source]) + about;
      own.append(heading, made("p", "", WHY[data.publish[source]] || "Counted, and not shown: nothing of it was coded in the sources that are shown."));
      return own;
    }
    own.tabIndex = 0;
    var link = made("a", "", name);
    link.href = "#" + id;
    heading.append(link, about + (entry[0] ? " (" + entry[0] + ")" : ""));
    if (data.paged[source]) {
      var whole = made("a", "", "in the full source");
      whole.href = "source-" + encodeURIComponent(data.sources[source]) + ".html#p-" + data.number[p];
      whole.setAttribute("aria-label", name + " in the full source");
      heading.append(" · ", whole);
    }
    var shown = passage(p, entry[1]), copying = made("p", "copying");
    own.append(heading, shown[0]);
    if (entry[2].length) {
      var uses = made("p", "uses");
      entry[2].forEach(function (use, at) {
        var claim = made("a", "", plain(use[1]));
        claim.href = use[2];
        uses.append((at ? "; " : "") + use[0] + ": ", claim);
      });
      own.append(uses);
    }
    function button(what, value, text) {
      var own = made("button", "", text);
      own.type = "button"; own.dataset.copy = what; own.value = value;
      copying.append(own, " ");
    }
    button("id", name, "copy " + name);
    for (var n = 1; n <= shown[1]; n++) { button("quotation", name + "-" + n, "copy as quotation" + (shown[1] > 1 ? " " + n : "")); }
    own.append(copying);
    return own;
  }
  function draw(then) {
    var own = ++turn, now = Array.from(hits.slice(from, from + SHOWN));
    document.getElementById("where").textContent = hits.length
      ? (from + 1).toLocaleString("en-GB") + " to " + (from + now.length).toLocaleString("en-GB") + " of " + hits.length.toLocaleString("en-GB") : "";
    document.getElementById("earlier").disabled = from === 0;
    document.getElementById("later").disabled = from + SHOWN >= hits.length;
    Promise.all(now.map(function (p) { return part(Math.floor(p / TOGETHER)); })).then(function (texts) {
      if (own !== turn) { return; }
      parts.replaceChildren.apply(parts, now.map(function (p, at) { return article(p, texts[at][p % TOGETHER]); }));
      if (then) { then(); }
    }, function (error) { parts.textContent = "A file is missing beside this page: evidence/" + error.message; });
  }
  // Words are searched file by file, in those that the rest of the question leaves.
  function search(ask, done) {
    var own = ++turn, possible = fittingBut(ask, among(ask)), wanted = new Map(), holds = new Uint8Array(data.n);
    for (var p = 0; p < data.n; p++) {
      if (possible[p]) {
        var number = Math.floor(p / TOGETHER);
        if (!wanted.has(number)) { wanted.set(number, []); }
        wanted.get(number).push(p);
      }
    }
    var left = Array.from(wanted.keys()), searched = 0;
    function next() {
      if (own !== turn) { return; }
      if (!left.length) { ask.holds = holds; done(); return; }
      count.textContent = "Searching: " + told(searched, "passages");
      Promise.all(left.splice(0, 16).map(function (number) {
        return part(number).then(function (texts) {
          wanted.get(number).forEach(function (p) {
            var entry = texts[p % TOGETHER];
            searched++;
            if (entry && entry[1].map(function (one) { return one[1]; }).join(" […] ").toLowerCase().indexOf(ask.words) >= 0) { holds[p] = 1; }
          });
        });
      })).then(next, function (error) { count.textContent = "A file is missing beside this page: evidence/" + error.message; });
    }
    next();
  }

  // --- what is shown ---
  var current = [];
  function show(then) {
    var ask = prepared(taken(current));
    setControls();
    if (parts && ask.words) { search(ask, function () { answer(ask, then); }); } else { answer(ask, then); }
  }
  function answer(ask, then) {
    var result = entries(ask), p;
    if (parts) {
      hits = new Int32Array(result.passages);
      for (var at = 0, p2 = 0; p2 < data.n; p2++) { if (result.there[p2]) { hits[at++] = p2; } }
      from = 0;
      draw(then);
    } else {
      for (p = 0; p < data.n; p++) {
        if (data.elements[p].hidden !== !result.there[p]) { data.elements[p].hidden = !result.there[p]; }
      }
    }
    var number = told(result.many, ask.list);
    count.dataset.entries = result.many;
    count.textContent = number + (ask.list === "passages" ? (current.length ? " of " + told(data.n, "passages") : "")
      : ", in " + told(result.passages, "passages")) + (result.hidden ? "; " + result.hidden.toLocaleString("en-GB") + " may not be shown" : "");
    asked.textContent = current.length ? "Asked: " + (said(current) || "everything") : "";
    listed.replaceChildren();
    if (ask.list !== "passages") {
      for (var each = 0; each < Math.min(result.many, LISTED); each++) { listed.append(ofEntry(ask, result.entry(each))); }
      if (result.many > LISTED) { listed.append(made("li", "", "and " + (result.many - LISTED).toLocaleString("en-GB") + " more: ask further")); }
    }
    if (!parts && then) { then(); }
  }
  function setControls() {
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
    var id = decodeURIComponent(fragment), p = data.at(id);
    if (p < 0) { return; }
    function reach() {
      var entry = document.getElementById(id);
      entry.scrollIntoView();
      // What stands above is laid out only now that it comes near, and may be lower than was guessed.
      requestAnimationFrame(function () { requestAnimationFrame(function () { entry.scrollIntoView(); }); });
    }
    if (parts) {
      current = [];
      show();
      from = p - p % SHOWN;
      draw(reach);
    } else if (data.elements[p].hidden) { current = []; show(reach); }
  }
  function change(event) {
    // What must be typed whole is asked once it is.
    if (event.target.dataset.whole !== undefined && event.type === "input") { return; }
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
  form.addEventListener("change", function (event) { if (event.target.dataset.whole !== undefined) { change(event); } });
  form.addEventListener("submit", function (event) { event.preventDefault(); });
  form.addEventListener("reset", function () {
    setTimeout(function () { current = []; history.pushState(null, "", location.pathname.split("/").pop() || "evidence.html"); show(); }, 0);
  });
  if (parts) {
    [["earlier", -SHOWN], ["later", SHOWN]].forEach(function (one) {
      document.getElementById(one[0]).addEventListener("click", function () {
        from = Math.max(0, from + one[1]);
        draw(function () { parts.scrollIntoView(); });
      });
    });
  }
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
  if (parts) {
    window.evidenceWords = function (number, own) { waiting.set(number, own); };
    window.evidenceIndex = function (tree) { data = beside(tree); };
    file("index.js").then(function () {
      document.documentElement.dataset.ready = "yes";
      show();
      read();
    }, function (error) { parts.textContent = "A file is missing beside this page: evidence/" + error.message; });
  } else {
    data = carried(JSON.parse(document.getElementById("index").textContent));
    show();
    read();
  }
})();
