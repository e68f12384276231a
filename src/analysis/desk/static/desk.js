// The desk: a source is read, words are selected, codes are put on them. Python keeps everything;
// what it answers is drawn. Words and names are set as text, never as markup.

const WORD = /[\p{L}\p{N}\p{M}]+(?:['’\-‐‑][\p{L}\p{N}\p{M}]+)*/gu;
const leaf = (code) => code.slice(code.lastIndexOf("/") + 1);

// How many of the first of sorted `numbers` are below `limit`; `of(number, at)` is what is compared.
function below(numbers, limit, of = (number) => number) {
  let [low, high] = [0, numbers.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (of(numbers[middle], middle) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Python counts code points, JavaScript halves of some: `pairs` of a passage are where such signs begin.
const toPoints = ({ pairs }, unit) => unit - below(pairs, unit);
const toUnits = ({ pairs }, point) => point + below(pairs, point, (pair, at) => pair - at);

function sentences(passage) {
  const { text } = passage;
  passage.sentences ??= globalThis.Intl?.Segmenter
    ? [...new Intl.Segmenter("en", { granularity: "sentence" }).segment(text)]
      .map(({ segment, index }) => [index, index + segment.trimEnd().length])
    : [[0, text.length]];
  return passage.sentences;
}

// A long passage is laid out in parts that end with a sentence, or else a word: only those that
// change are drawn again. Others have one part.
const PART = 1500;
// About how high a letter of running text and the name of a code stand, in pixels.
const [LETTER, NAME] = [0.37, 18];
function partsOf(text) {
  const parts = [];
  let from = 0;
  while (text.length - from > 2 * PART) {
    const near = text.slice(from + PART, from + 2 * PART);
    const end = near.match(/[.!?…。！？]["'”’)]*\s+/u) ?? near.match(/\s+/u);
    let to = from + PART + (end ? end.index + end[0].length : 0);
    if (/[\udc00-\udfff]/.test(text[to])) to += 1;
    parts.push([from, to]);
    from = to;
  }
  return [...parts, [from, text.length]];
}

// Who codes is asked once: everything is written under that name.
function desk(setup, ask) {
  const place = make("div");
  if (setup.entered.coder) {
    place.append(coding(setup.entered, ask));
    return place;
  }
  // Who came here by keyboard goes on in the text.
  const enter = (entered) => {
    place.replaceChildren(coding(entered, ask));
    place.querySelector(".text").focus({ preventScroll: true });
  };
  const wrong = make("p", { class: "wrong", role: "alert" });
  const name = make("input", { size: 12, autocomplete: "off", onkeydown: (event) => { if (event.key === "Enter") sit(); } });
  const sit = async () => {
    const reply = await ask({ ask: "enter", coder: name.value });
    if (reply.problem) wrong.textContent = reply.problem;
    else enter(reply);
  };
  const others = setup.known.map((one) => button(one, () => { name.value = one; sit(); }));
  place.append(make("div", { class: "desk" }, make("p", { class: "doing" }, labelled("Who codes?", name), button("Begin", sit), ...others), wrong));
  return place;
}

function coding(setup, ask) {
  const state = { source: null, passages: [], words: [], spans: [], selected: null, anchor: 0, focus: 0,
    hidden: new Set(), touched: new Set(), pointed: new Set(), coders: [setup.coder], last: "", chosen: null, codes: setup.codes, recent: setup.recent, read: [] };

  // --- the parts of the page -----------------------------------------------------------------
  const said = make("p", { class: "said", role: "status" });
  const wrong = make("p", { class: "wrong", role: "alert" });
  const who = make("span", { class: "who" }, setup.coder);
  const sources = choice(setup.sources.map(({ id, title }) => [id, `${id} · ${title}`]),
    { onchange: () => open(sources.value) });
  const undo = button("Undo", () => act({ ask: "undo" }), { title: "u" });
  const redo = button("Redo", () => act({ ask: "redo" }), { title: "Shift+U" });
  const done = button("Read through", () => act({ ask: "done" }), { title: "Say that this source was read from end to end" });
  const shown = make("fieldset", { class: "coders" }, make("legend", {}, "Show"));
  const text = make("div", { class: "text", tabindex: "0", role: "group", "aria-label": "The source: arrow keys select words",
    onkeydown: keys, onmouseup: fromMouse });
  const quote = make("blockquote", { class: "quote" });
  const where = make("p", { class: "where", "aria-live": "polite" });
  const code = make("input", { role: "combobox", autocomplete: "off", "aria-expanded": "true", "aria-autocomplete": "list",
    size: 24, oninput: offer, onkeydown: codeKeys });
  const offered = make("ul", { role: "listbox", "aria-label": "Codes", class: "offered", tabindex: "0" });
  const definition = make("p", { class: "definition" });
  const again = button("", () => codeWith(state.last), { title: "." });
  const here = make("ol", { class: "here", "aria-label": "Codes on these words" });
  const [player, play] = recording((source) => ask({ ask: "play", source }));
  const fresh = freshCode();
  const book = codebookWork();
  offered.id = `desk-${ours}-codes`;
  code.setAttribute("aria-controls", offered.id);
  const help = make("details", { class: "help" }, make("summary", {}, "Keys"),
    make("dl", {}, ...[["← →", "a word on or back; with Shift, more or fewer words"], ["↑ ↓", "a passage up or down"],
      ["s, p", "the sentence, the passage"], ["Enter", "choose or type a code"], [".", "the last code once more"],
      ["v", "a code named by the words"], ["[ ]", "the coded span before or after"],
      ["< >", "the source before or after"],
      ["t", "play from the time of the passage, where its recording is here"],
      ["r, e, m, Delete", "of the span chosen: another code, ends as selected, memo, code off"],
      ["u, Shift+U", "undo, redo"]].flatMap(([key, does]) => [make("dt", {}, key), make("dd", {}, does)])));
  const side = make("aside", { class: "side", "aria-label": "Coding" }, where, quote,
    labelled("Code", code), definition, offered, make("p", { class: "doing" }, again), fresh.node,
    make("h4", {}, "On these words"), here, book.node, help);
  const bar = make("div", { class: "bar" }, labelled("Source", sources),
    who, undo, redo, done, shown);
  const node = make("section", { class: "desk", "aria-label": `Coding as ${setup.coder}` }, bar, wrong, said,
    player, make("div", { class: "both" }, text, side));

  // --- what Python says ------------------------------------------------------------------------
  async function open(source) {
    const reply = await ask({ ask: "open", source });
    if (reply.problem) { wrong.textContent = reply.problem; return; }
    state.source = source;
    state.touched = new Set();
    state.pointed = new Set();
    who.textContent = reply.blind ? `${setup.coder}, ${reply.blind}` : setup.coder;
    sources.value = source;
    state.passages = reply.passages;
    state.plays = reply.plays;
    for (const one of state.passages) one.spans = [];
    state.words = [];
    state.passages.forEach((passage, at) => {
      passage.first = state.words.length;
      passage.pairs = [...passage.text.matchAll(/[\ud800-\udbff](?=[\udc00-\udfff])/g)].map(({ index }) => index);
      for (const found of passage.text.matchAll(WORD)) {
        state.words.push([at, found.index, found.index + found[0].length]);
      }
    });
    state.anchor = state.focus = 0;
    state.chosen = null;
    text.replaceChildren(...state.passages.map(row));
    take(reply);
    state.selected = null;
    if (state.words.length) fromWords();
    text.scrollTop = 0;
  }

  // The new spans of the source; only passages whose spans changed are drawn again.
  function take(reply) {
    wrong.textContent = reply.problem ?? "";
    if (reply.said !== undefined) said.textContent = reply.said;
    if (reply.codes) { state.codes = reply.codes; book.list(); }
    if (reply.recent) { state.recent = reply.recent; state.last = reply.recent[0] ?? ""; }
    if (reply.steps) {
      const [back, on] = reply.steps;
      undo.textContent = back ? `Undo ${back}` : "Undo";
      redo.textContent = on ? `Redo ${on}` : "Redo";
      allow(undo, Boolean(back));
      allow(redo, Boolean(on));
    }
    if (reply.read) {
      state.read = reply.read;
      for (const one of sources.options) {
        one.textContent = one.textContent.replace(/ ✓$/, "") + (state.read.includes(one.value) ? " ✓" : "");
      }
    }
    allow(done, !state.read.includes(state.source));
    again.textContent = state.last ? `${leaf(state.last)} again (.)` : "";
    again.hidden = !state.last;
    if (!reply.spans && !reply.changed) return;
    state.telling = reply.telling;
    const columns = order().join("\n");
    const drawn = reply.spans ? placeAll(reply.spans) : placeChanged(reply.changed);
    state.coders = everybody();
    coders();
    // Another column stands in every passage that has any.
    (order().join("\n") === columns ? drawn : new Set([...drawn, ...state.touched])).forEach(draw);
    if (state.chosen) state.chosen = state.spans.find((one) => same(one, state.chosen)) ?? null;
    listHere();
    offer();
  }

  async function act(message) {
    const reply = await ask({ source: state.source, telling: state.telling, ...message });
    take(reply);
    return reply;
  }

  // The passages that a span touches.
  function* touchedBy(one) {
    for (let at = passageAt(one.start); at < state.passages.length && state.passages[at].start < one.end; at += 1) {
      if (state.passages[at].start + state.passages[at].points > one.start) yield at;
    }
  }

  // Where spans lie in each passage that they touch; `touched`: the passages that have any. What
  // comes back are the passages to be drawn again.
  function lay(spans, drawn) {
    for (const one of spans) {
      for (const at of touchedBy(one)) {
        const passage = state.passages[at];
        state.touched.add(at);
        drawn.add(at);
        passage.spans.push({ of: one, from: toUnits(passage, Math.max(one.start - passage.start, 0)),
          to: toUnits(passage, Math.min(one.end - passage.start, passage.points)) });
        passage.spans.sort((a, b) => inText(a.of, b.of));
      }
    }
    return drawn;
  }

  const inText = (a, b) => a.start - b.start || a.end - b.end || (a.id < b.id ? -1 : Number(a.id > b.id));

  function placeAll(spans) {
    const drawn = state.touched;
    for (const at of drawn) state.passages[at].spans = [];
    state.touched = new Set();
    state.spans = spans.sort(inText);
    return lay(spans, new Set(drawn));
  }

  function placeChanged({ gone, fresh }) {
    const out = new Set([...gone, ...fresh.map(({ id }) => id)]);
    const drawn = new Set();
    for (const one of state.spans) {
      if (!out.has(one.id)) continue;
      for (const at of touchedBy(one)) {
        drawn.add(at);
        state.passages[at].spans = state.passages[at].spans.filter(({ of }) => !out.has(of.id));
        if (!state.passages[at].spans.length) state.touched.delete(at);
      }
    }
    state.spans = [...state.spans.filter(({ id }) => !out.has(id)), ...fresh].sort(inText);
    return lay(fresh, drawn);
  }

  // The last passage that begins at `point` or before it.
  function passageAt(point) {
    let [low, high] = [0, state.passages.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (state.passages[middle].start <= point) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  const visible = (one) => !state.hidden.has(one.coder);
  const same = (one, other) => one.id === other.id;

  // --- the text --------------------------------------------------------------------------------
  function row(passage, at) {
    const words = make("p", { class: "words", "data-at": at, "data-from": "0" });
    const stripes = make("div", { class: "stripes" });
    const said = passage.time && !state.plays ? ` · ${passage.time}` : "";
    const begin = passage.time && state.plays ? button(`▶ ${passage.time}`, () => play(state.source, passage.time),
      { tabindex: "-1", class: "begin", "aria-label": `Play from ${passage.time}` }) : "";
    passage.node = make("div", { class: "row" }, make("div", { class: "speaker" },
      `${passage.number} ${passage.speaker}${said} `, begin), words, stripes);
    passage.words = words;
    passage.stripes = stripes;
    const parts = partsOf(passage.text);
    // Of a passage with one part its paragraph is the part: a source may have thousands.
    const partNode = (from, to) => make("span", { class: "part", "data-from": from }, passage.text.slice(from, to));
    passage.parts = parts.map(([from, to]) => ({ from, to, drawn: "", node: parts.length > 1 ? partNode(from, to) : words }));
    if (parts.length > 1) words.append(...passage.parts.map((one) => one.node));
    else words.textContent = passage.text;
    return passage.node;
  }

  function draw(at) {
    const passage = state.passages[at];
    const spans = passage.spans.filter(({ of }) => visible(of));
    const chosen = within(at);
    if (state.chosen && spans.some((one) => same(one.of, state.chosen))) state.pointed.add(at);
    for (const part of passage.parts) drawPart(passage.text, part, spans, chosen);
    passage.stripes.replaceChildren(...order().map((coder) => stripe(passage, coder, spans)));
  }

  function drawPart(text, part, spans, chosen) {
    const own = spans.filter((one) => one.from < part.to && one.to > part.from);
    const ends = [...own.flatMap(({ from, to }) => [from, to]), ...(chosen ?? [])].filter((one) => one > part.from && one < part.to);
    const places = [...new Set([part.from, part.to, ...ends])].sort((a, b) => a - b);
    const pieces = places.slice(0, -1).map((from, number) => {
      const to = places[number + 1];
      const on = own.filter((one) => one.from <= from && one.to >= to);
      const held = chosen && chosen[0] <= from && chosen[1] >= to;
      const pointed = state.chosen && on.some((one) => same(one.of, state.chosen));
      const classes = [on.length ? `coded c${Math.min(on.length, 3)}` : "", held ? "held" : "", pointed ? "pointed" : ""];
      return [from, to, classes.join(" ").trim()];
    });
    const drawn = JSON.stringify(pieces);
    if (drawn === part.drawn) return;
    part.drawn = drawn;
    part.node.replaceChildren(...pieces.map(([from, to, classes]) =>
      make("span", { class: classes || null, "data-from": from }, text.slice(from, to))));
  }

  // A coder's column beside a passage: a bar as long as each span, and its code.
  function stripe(passage, coder, spans) {
    const length = Math.max(passage.text.length, 1);
    const own = spans.filter(({ of }) => of.coder === coder);
    const bars = own.map(({ of, from, to }, number) => {
      const bar = make("i", { class: state.chosen && same(of, state.chosen) ? "on" : null });
      bar.style.setProperty("--from", `${(100 * from) / length}%`);
      bar.style.setProperty("--to", `${100 - (100 * to) / length}%`);
      bar.style.setProperty("--lane", number % 4);
      return bar;
    });
    // Beside a long passage names stand where their spans begin, one below the other.
    const long = passage.parts.length > 1;
    let free = 0;
    return make("div", { class: long ? "column long" : "column" }, ...bars, ...own.map(({ of, from }) => {
      // What is drawn anew loses the focus, and the keys are the text's.
      const one = button("", () => { point(of); text.focus({ preventScroll: true }); }, { tabindex: "-1", class: of.own ? "own" : null,
        "aria-pressed": String(Boolean(state.chosen && same(of, state.chosen))),
        title: `${of.code}, ${coder}${of.memo ? `: ${of.memo}` : ""}` });
      const top = Math.max(from * LETTER, free);
      free = top + NAME;
      if (long) one.style.setProperty("--top", `${(100 * top) / (length * LETTER)}%`);
      one.append(make("span", {}, leaf(of.code) + (of.memo ? " ✎" : "") + (of.origin ? " ⊕" : "")));
      return one;
    }));
  }

  // Whose columns stand beside the text, one's own first.
  const everybody = () => [setup.coder, ...[...new Set(state.spans.map((one) => one.coder))].filter((one) => one !== setup.coder).sort()];
  const order = () => state.coders.filter((one) => !state.hidden.has(one));

  function coders() {
    const all = state.coders;
    node.style.setProperty("--coders", order().length);
    const known = [...shown.querySelectorAll("input")].map((one) => one.value).join("\n");
    if (known === all.join("\n")) return;
    shown.replaceChildren(make("legend", {}, "Show"), ...all.map((coder) => {
      const box = make("input", { type: "checkbox", value: coder, onchange: () => {
        if (box.checked) state.hidden.delete(coder); else state.hidden.add(coder);
        node.style.setProperty("--coders", order().length);
        state.touched.forEach(draw);
        listHere();
      } });
      box.checked = !state.hidden.has(coder);
      return make("label", {}, box, coder);
    }));
  }

  // --- selecting -------------------------------------------------------------------------------
  function within(at) {
    const one = state.selected;
    if (!one || at < one.from[0] || at > one.to[0]) return null;
    const length = state.passages[at].text.length;
    return [at === one.from[0] ? one.from[1] : 0, at === one.to[0] ? one.to[1] : length];
  }

  function select(from, to, { keep = false } = {}) {
    const old = state.selected;
    state.selected = { from, to };
    if (!keep) state.chosen = null;
    const touched = new Set();
    for (const one of [old, state.selected]) {
      if (one) for (let at = one.from[0]; at <= one.to[0]; at += 1) touched.add(at);
    }
    for (const at of state.pointed) touched.add(at);
    state.pointed.clear();
    touched.forEach(draw);
    const words = selectedText();
    quote.textContent = words.length > 300 ? `${words.slice(0, 280)} …` : words;
    const [first, last] = [state.passages[from[0]], state.passages[to[0]]];
    where.textContent = first === last ? first.id : `${first.id} to ${last.number}`;
    listHere();
    follow(4);
  }

  // What was out of sight is laid out only once it is near, and may be longer than was thought.
  function follow(frames) {
    if (near() && frames) requestAnimationFrame(() => follow(frames - 1));
  }

  // Where one selects stays in view: its passage, or of one longer than the view the word. Whether
  // that took scrolling.
  function near() {
    if (!state.selected) return false;
    const [at, unit] = state.words[state.focus] ?? [state.selected.to[0], state.selected.to[1]];
    const { node, parts } = state.passages[at];
    const place = parts.length === 1 && node.offsetHeight <= text.clientHeight ? node : wordAt(parts, unit);
    const { top, bottom } = place.getBoundingClientRect();
    const view = text.getBoundingClientRect();
    const before = text.scrollTop;
    if (top < view.top) text.scrollTop += top - view.top;
    else if (bottom > view.bottom) text.scrollTop += Math.min(top - view.top, bottom - view.bottom);
    return text.scrollTop !== before;
  }

  function wordAt(parts, unit) {
    const part = parts.findLast(({ from }) => from <= unit);
    const piece = [...part.node.children].findLast((one) => Number(one.dataset.from) <= unit) ?? part.node;
    const range = document.createRange();
    range.setStart(piece.firstChild, Math.min(unit - Number(piece.dataset.from), piece.firstChild.length));
    return range;
  }

  function fromWords() {
    const [first, last] = [state.anchor, state.focus].sort((a, b) => a - b).map((at) => state.words[at]);
    select([first[0], first[1]], [last[0], last[2]]);
  }

  function selectedText() {
    const { from, to } = state.selected;
    if (from[0] === to[0]) return state.passages[from[0]].text.slice(from[1], to[1]);
    const parts = [];
    for (let at = from[0]; at <= to[0]; at += 1) parts.push(state.passages[at].text.slice(...within(at)));
    return parts.join("\n");
  }

  function points() {
    const { from, to } = state.selected;
    const [first, last] = [state.passages[from[0]], state.passages[to[0]]];
    return { start: first.start + toPoints(first, from[1]), end: last.start + toPoints(last, to[1]) };
  }

  // What the mouse marked, widened to whole words.
  function fromMouse() {
    const marked = getSelection();
    if (!marked.rangeCount || !text.contains(marked.anchorNode)) return;
    const ends = [[marked.anchorNode, marked.anchorOffset], [marked.focusNode, marked.focusOffset]].map(spot);
    if (ends.some((one) => !one)) return;
    ends.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    const [from, to] = ends;
    const after = (one, [at, unit]) => one[0] > at || (one[0] === at && one[2] > unit);
    let first = state.words.findIndex((one) => after(one, from));
    if (first < 0) first = state.words.length - 1;
    let last = first;
    while (last + 1 < state.words.length) {
      const next = state.words[last + 1];
      if (next[0] > to[0] || (next[0] === to[0] && next[1] >= to[1])) break;
      last += 1;
    }
    [state.anchor, state.focus] = [first, last];
    if (state.words.length) fromWords();
    marked.removeAllRanges();
  }

  function spot([one, offset]) {
    const element = one.nodeType === 3 ? one.parentElement : one;
    const words = element.closest?.(".words");
    if (!words) return null;
    const segment = element.closest("[data-from]");
    const unit = one.nodeType === 3 ? (Number(segment?.dataset.from ?? 0) + offset) : Number(segment?.dataset.from ?? 0);
    return [Number(words.dataset.at), unit];
  }

  function step(by, more) {
    state.focus = Math.min(Math.max(state.focus + by, 0), state.words.length - 1);
    if (!more) state.anchor = state.focus;
    fromWords();
  }

  async function sourceStep(by) {
    const next = sources.options[sources.selectedIndex + by];
    if (!next) return;
    await open(next.value);
    said.textContent = next.textContent;
  }

  function passageStep(by, more) {
    const at = state.words[state.focus][0];
    // The next that has words; before the first there is none.
    let next = at + by;
    while (state.passages[next] && state.passages[next].first === (state.passages[next + 1]?.first ?? state.words.length)) next += by;
    if (by > 0 && !state.passages[next]) return;
    const target = state.passages[Math.max(next, 0)].first;
    state.focus = target;
    if (more && by > 0) while (state.words[state.focus + 1]?.[0] === state.words[target][0]) state.focus += 1;
    if (!more) state.anchor = state.focus;
    fromWords();
  }

  function wider(unit) {
    const { from, to } = state.selected;
    const bounds = (at) => (unit === "passage" ? [[0, state.passages[at].text.length]] : sentences(state.passages[at]));
    const first = bounds(from[0]).findLast(([start]) => start <= from[1]) ?? [0];
    const last = bounds(to[0]).find(([, end]) => end >= to[1]) ?? [0, state.passages[to[0]].text.length];
    select([from[0], first[0]], [to[0], last[1]]);
  }

  // --- coding ----------------------------------------------------------------------------------
  async function codeWith(path) {
    if (!path || !state.selected) return;
    const reply = await act({ ask: "code", code: path, ...points() });
    if (!reply.problem) {
      code.value = "";
      offer();
      text.focus({ preventScroll: true });
    }
  }

  const matching = () => {
    const wanted = code.value.trim().toLowerCase();
    const usable = state.codes.filter((one) => one.usable);
    const rank = (one) => {
      const at = state.recent.indexOf(one.code);
      const begins = wanted && leaf(one.code).toLowerCase().startsWith(wanted) ? 0 : 1000;
      return begins + (at < 0 ? 500 : at);
    };
    return usable.filter((one) => !wanted || one.code.toLowerCase().includes(wanted))
      .map((one, number) => [rank(one), number, one]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , one]) => one);
  };

  function offer() {
    const found = matching();
    const typed = code.value.trim();
    offered.replaceChildren(...found.slice(0, 60).map((one, number) => make("li", { role: "option",
      id: `${offered.id}-${number}`, "data-code": one.code, "aria-selected": String(number === 0),
      onmousedown: (event) => { event.preventDefault(); chooseOption(one.code); } },
    one.code, state.recent.includes(one.code) ? make("small", {}, " recent") : "")));
    if (typed && !found.some((one) => one.code === typed)) {
      offered.append(make("li", { role: "option", id: `${offered.id}-new`, "data-new": typed,
        "aria-selected": String(!found.length), onmousedown: (event) => { event.preventDefault(); fresh.show(typed); } },
      `New code: ${typed} …`));
    }
    current(0);
  }

  function current(number) {
    const options = [...offered.children];
    options.forEach((one, at) => one.setAttribute("aria-selected", String(at === number)));
    const one = options[number];
    if (one) { code.setAttribute("aria-activedescendant", one.id); one.scrollIntoView?.({ block: "nearest" }); }
    else code.removeAttribute("aria-activedescendant");
    definition.textContent = state.codes.find((two) => two.code === one?.dataset.code)?.definition ?? "";
  }

  // What is chosen in the list goes on the selected words, or in the place of the chosen span's code.
  async function chooseOption(path) {
    if (state.replacing) {
      const of = state.replacing;
      state.replacing = null;
      const reply = await act({ ask: "recode", kept: of.kept, code: path });
      if (!reply.problem) { code.value = ""; offer(); text.focus({ preventScroll: true }); }
      return;
    }
    await codeWith(path);
  }

  function codeKeys(event) {
    const options = [...offered.children];
    const at = options.findIndex((one) => one.getAttribute("aria-selected") === "true");
    if (event.key === "ArrowDown") current(Math.min(at + 1, options.length - 1));
    else if (event.key === "ArrowUp") current(Math.max(at - 1, 0));
    else if (event.key === "Enter") {
      const one = options[at];
      if (one?.dataset.code) chooseOption(one.dataset.code);
      else if (one?.dataset.new) fresh.show(one.dataset.new);
    } else if (event.key === "Escape") {
      state.replacing = null;
      code.value = "";
      offer();
      text.focus({ preventScroll: true });
    } else return;
    event.preventDefault();
  }

  function freshCode() {
    const name = make("input", { size: 24 });
    const parent = choice([["", "at the top"]]);
    const meant = make("textarea", { rows: 3 });
    const form = make("div", { class: "fresh", hidden: true, onkeydown: (event) => { if (event.key === "Escape") { form.hidden = true; text.focus(); } } },
      make("h4", {}, "New code"), labelled("Name", name), labelled("Beneath", parent), labelled("Definition", meant),
      make("p", { class: "doing" }, button("Add and code", async () => {
        const reply = await act({ ask: "new", name: name.value, parent: parent.value, definition: meant.value });
        if (reply.problem) return;
        form.hidden = true;
        await chooseOption(reply.made);
      }), button("Leave", () => { form.hidden = true; text.focus(); })));
    const show = (words) => {
      parent.replaceChildren(option("", "at the top"), ...state.codes.map((one) => option(one.code)));
      name.value = words;
      meant.value = "";
      form.hidden = false;
      name.focus();
      name.select();
    };
    return { node: form, show };
  }

  // Codes renamed, moved, merged, split or defined anew; the spans under them go along.
  function codebookWork() {
    const works = [["rename", "rename to"], ["move", "move under"], ["merge", "merge into"],
      ["split", "split into (name: definition; …)"], ["define", "define anew as"]];
    const work = choice(works, { onchange: adapt });
    const which = make("select");
    const other = make("select");
    const words = make("textarea", { rows: 2 });
    const reason = make("input");
    const [target, written] = [labelled("Code it concerns", other), labelled("Words", words)];
    const node = make("details", { class: "book" }, make("summary", {}, "Codebook"), labelled("Code to change", which),
      labelled("Change", work), target, written, labelled("Why", reason), make("p", { class: "doing" },
        button("Change the codebook", async () => {
          const reply = await act({ ask: "book", work: work.value, code: which.value, other: other.value,
            words: words.value, reason: reason.value });
          if (!reply.problem) words.value = reason.value = "";
        })));
    function adapt() {
      const other = work.value === "move" || work.value === "merge";
      target.hidden = !other;
      written.hidden = other;
    }
    function list() {
      const chosen = which.value;
      which.replaceChildren(...state.codes.map((one) => option(one.code)));
      if (state.codes.some((one) => one.code === chosen)) which.value = chosen;
      other.replaceChildren(option("", "the top"), ...state.codes.map((one) => option(one.code)));
    }
    adapt();
    return { node, list };
  }

  // --- spans -----------------------------------------------------------------------------------
  function listHere() {
    if (!state.selected) return;
    const { start, end } = points();
    const own = state.spans.filter((one) => visible(one) && one.start < end && one.end > start);
    here.replaceChildren(...own.map((one) => entry(one)));
    if (!own.length) here.append(make("li", { class: "none" }, "none"));
  }

  function entry(one) {
    const memo = make("textarea", { rows: 2, "aria-label": `Memo on ${leaf(one.code)}`, hidden: true });
    const keep = button("Keep memo", () => act({ ask: "memo", kept: one.kept, memo: memo.value }), { hidden: true });
    const writing = () => { memo.value = one.memo; memo.hidden = keep.hidden = false; memo.focus(); };
    const node = make("li", { class: state.chosen && same(one, state.chosen) ? "chosen" : null },
      button(one.code, () => point(one), { "aria-pressed": String(Boolean(state.chosen && same(one, state.chosen))) }),
      make("span", { class: "coder" }, ` ${one.coder}${one.file ? `, in ${one.file}` : ""}`));
    if (one.memo) node.append(make("p", { class: "memo" }, one.memo));
    if (one.origin) node.append(make("p", { class: "memo" }, `accepted from: ${one.origin}`));
    if (one.file) {
      node.append(make("p", { class: "memo" }, elsewhere(one)));
    }
    if (one.own) {
      node.append(make("p", { class: "doing" },
        button("Recode", () => recode(one)), button("Ends as selected", () => ends(one)),
        button("Memo", writing), button("Code off", () => act({ ask: "uncode", kept: one.kept }))), memo, keep);
    }
    node.writing = writing;
    node.of = one;
    return node;
  }

  const elsewhere = (one) => `It stands in ${one.file}, a file of another program, which is left as it is: change it in that program and bring the file anew, or code these words here as you read them; settle(…) decides between two coders.`;

  // Why nothing of what was asked can be done to a span, where the selection has none of one's own.
  function notMine() {
    const { start, end } = points();
    const under = state.chosen ? [state.chosen] : state.spans.filter((one) => visible(one) && one.start < end && one.end > start);
    const foreign = under.find((one) => one.file);
    if (foreign) return `${foreign.code}, ${foreign.coder}: ${elsewhere(foreign)}`;
    if (state.chosen) return `${state.chosen.code} is ${state.chosen.coder}’s: code these words as you read them; settle(…) decides between the two`;
    return "Choose one of your spans first ([ or ])";
  }

  function point(one) {
    state.chosen = one;
    const ends = state.passages.flatMap((passage, at) => passage.spans.filter(({ of }) => of === one).map(({ from, to }) => [at, from, to]));
    if (!ends.length) return;
    const [first, last] = [ends[0], ends[ends.length - 1]];
    const word = state.words.findIndex((two) => two[0] === first[0] && two[2] > first[1]);
    if (word >= 0) state.anchor = state.focus = word;
    select([first[0], first[1]], [last[0], last[2]], { keep: true });
    for (let at = first[0]; at <= last[0]; at += 1) draw(at);
    said.textContent = `${one.code}, ${one.coder}`;
  }

  function pointNext(by) {
    const all = state.spans.filter(visible);
    if (!all.length) return;
    const { start } = points();
    const at = state.chosen ? all.findIndex((one) => same(one, state.chosen)) : -1;
    let next = at + by;
    if (at < 0) next = by > 0 ? all.findIndex((one) => one.start >= start) : all.findLastIndex((one) => one.start < start);
    point(all[Math.min(Math.max(next, 0), all.length - 1)]);
  }

  const mine = () => {
    if (state.chosen) return state.chosen.own ? state.chosen : null;
    const { start, end } = points();
    const own = state.spans.filter((one) => one.own && one.start < end && one.end > start);
    return own.length === 1 ? own[0] : null;
  };

  function recode(one) {
    state.replacing = one;
    said.textContent = `Another code in the place of ${one.code}: choose it, Escape to leave`;
    code.focus();
  }

  function ends(one) {
    act({ ask: "reach", kept: one.kept, ...points() });
  }

  // --- keys ------------------------------------------------------------------------------------
  function keys(event) {
    if (event.altKey || !state.selected || event.target.closest("input, textarea, select")) return;
    const control = event.ctrlKey || event.metaKey;
    const word = event.shiftKey;
    // The arrows go the way one reads.
    const on = rightToLeft(state.passages[state.words[state.focus]?.[0] ?? 0].text) ? -1 : 1;
    const of = (does) => { const one = mine(); if (one) does(one); else said.textContent = notMine(); };
    const doing = control
      ? { z: () => act({ ask: word ? "redo" : "undo" }), y: () => act({ ask: "redo" }) }
      : { ArrowRight: () => step(on, word), ArrowLeft: () => step(-on, word), ArrowDown: () => passageStep(1, word),
        ArrowUp: () => passageStep(-1, word), s: () => wider("sentence"), p: () => wider("passage"),
        Enter: () => code.focus(), c: () => code.focus(), ".": () => codeWith(state.last),
        v: () => fresh.show(selectedText().replace(/\s+/g, " ").slice(0, 60)),
        t: () => { const one = state.passages[state.words[state.focus][0]]; if (state.plays) play(state.source, one.time); },
        "<": () => sourceStep(-1), ">": () => sourceStep(1), "[": () => pointNext(-1), "]": () => pointNext(1), u: () => act({ ask: "undo" }), U: () => act({ ask: "redo" }),
        r: () => of(recode), e: () => of(ends), Delete: () => of((one) => act({ ask: "uncode", kept: one.kept })),
        Backspace: () => of((one) => act({ ask: "uncode", kept: one.kept })),
        m: () => of((one) => { point(one); [...here.children].find((two) => two.of && same(two.of, one))?.writing(); }) };
    const does = doing[control ? event.key.toLowerCase() : event.key];
    if (!does || (event.target !== text && event.key === "Enter")) return;
    event.preventDefault();
    does();
  }

  book.list();
  take(setup);
  open(setup.sources[0]?.id);
  return node;
}

export default {
  initialize() {
    document.body.addEventListener("keydown", quiet);
  },
  render({ model, el }) {
    const [ask, silence, leave] = asker(model);
    const setup = model.get("setup");
    const form = { desk, steps }[model.get("form")];
    el.append(make("div", { class: "explore" }, silence, form(setup, ask),
      setup.notice ? make("p", { class: "hint" }, setup.notice) : ""));
    return leave;
  },
};
