// The explorer's front end. It keeps no data of its own: every change asks Python, which answers
// with what the line of code shown would give. Words are set as text; `html` comes escaped.

function codeLine() {
  const code = make("code", { tabindex: "0", "aria-label": "The same in code" });
  const said = make("span", { role: "status", class: "said" });
  const copy = button("Copy", async () => {
    try {
      await navigator.clipboard.writeText(code.textContent);
      said.textContent = "copied";
    } catch {
      getSelection().selectAllChildren(code);
      said.textContent = "marked: copy with the keyboard";
    }
  });
  const show = (line) => {
    code.textContent = line;
    said.textContent = "";
  };
  return [make("p", { class: "line" }, code, copy, said), show];
}

function banner(warnings) {
  if (!warnings?.length) return "";
  const lines = warnings.map((one) => make("li", {}, one));
  const title = make("strong", {}, "Not for release");
  return make("div", { class: "banner", role: "note" }, title, make("ul", {}, ...lines));
}

// Buttons that write a result into files which stay on this machine.
function taking(ask, whole) {
  const said = make("span", { role: "status", class: "said" });
  const keep = (form) => async () => {
    const reply = await ask({ ask: "keep", whole, form });
    tell(said, reply);
  };
  const node = make("p", { class: "doing" }, "Take along:",
    button("CSV", keep("csv")), button("Markdown", keep("md")), said);
  return [node, () => { said.textContent = ""; }];
}

// The passages of one result: a list, one passage to read, and what to do with it.
function reader(setup, ask) {
  // `shown`: the passage on view; `wanted`: the one last asked for, which need not be there yet.
  const state = { result: 0, total: 0, from: 0, shown: null, wanted: { at: 0, context: 0 }, reading: false };
  const counted = make("p", { class: "counted", "aria-live": "polite" });
  const warned = make("div");
  const [line, showLine] = codeLine();
  const list = make("ol", { class: "list" });
  const place = make("span", { class: "place", "aria-live": "polite" });
  const article = make("article", { tabindex: "0", "aria-label": "Passage" });
  const contexts = ["Passage", "Neighbours", "Whole source"].map((name, context) =>
    button(name, () => read(state.wanted.at, context), { "aria-pressed": "false" }),
  );
  const before = button("‹ Previous", () => step(-1), { title: "Left arrow, or p" });
  const after = button("Next ›", () => step(1), { title: "Right arrow, or n" });
  const steps = make("div", { class: "steps" }, before, place, after,
    make("span", { class: "contexts", role: "group", "aria-label": "Context" }, ...contexts));
  const [paging, showPaging] = pages();
  const [take, clearTaken] = taking(ask, false);
  const writing = notes();
  const known = make("div", { class: "known" });
  const [player, play] = recording(() => ask({ ask: "play", at: state.shown.at }));
  const pane = make("div", { class: "pane" }, steps, article, known, player, ...writing.map((one) => one.node), take);
  const both = make("div", { class: "both" }, make("div", { class: "listing" }, list, paging), pane);
  const node = make("section", { class: "reader", "aria-label": "Passages", onkeydown: keys },
    counted, warned, line, both);

  function show(reply) {
    state.result += 1;
    both.hidden = line.hidden = !reply.total;
    warned.replaceChildren();
    counted.classList.toggle("wrong", Boolean(reply.problem));
    if (reply.problem) {
      counted.textContent = reply.problem;
      return;
    }
    Object.assign(state, { total: reply.total, shown: null, wanted: { at: 0, context: 0 } });
    counted.textContent = reply.counted;
    line.hidden = false;
    showLine(reply.line);
    warned.replaceChildren(banner(reply.warnings));
    clearTaken();
    listPage(reply);
    if (reply.total) showPassage(reply, state.wanted);
  }

  function listPage(reply) {
    state.from = reply.from;
    list.replaceChildren(
      ...reply.listed.map((row) =>
        make("li", {},
          button("", () => read(row.at, 0), { "data-at": row.at, tabindex: "-1" }))),
    );
    reply.listed.forEach((row, number) => {
      list.children[number].firstChild.append(
        make("b", {}, row.id), " ", make("i", {}, row.who), make("span", {}, row.words));
    });
    list.scrollTop = 0;
    showPaging();
    pointOut();
  }

  // Which of the list is on view, and one entry that the Tab key reaches.
  function pointOut() {
    const rows = [...list.querySelectorAll("button")];
    const current = rows.find((row) => Number(row.dataset.at) === state.shown?.at);
    for (const row of rows) {
      row.tabIndex = row === (current ?? rows[0]) ? 0 : -1;
      if (row === current) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    if (current) list.scrollTop = Math.max(0, current.parentNode.offsetTop - list.clientHeight / 2);
  }

  function showPassage(reply, { context }) {
    state.shown = { at: reply.at, context };
    const held = article.contains(document.activeElement);
    article.innerHTML = reply.html;
    for (const one of reply.own_warnings) {
      article.prepend(make("p", { class: "flag" }, make("strong", {}, "Not for release: "), one));
    }
    known.replaceChildren(...about(reply.known));
    place.textContent = `${counting(reply.at + 1)} of ${counting(state.total)}`;
    allow(before, reply.at > 0);
    allow(after, reply.at < state.total - 1);
    contexts.forEach((one, number) => one.setAttribute("aria-pressed", String(number === context)));
    writing.forEach((one) => one.clear());
    pointOut();
    const here = article.querySelector("[aria-current]");
    const whole = article.querySelector(".whole");
    if (here && whole) whole.scrollTop = here.offsetTop - whole.clientHeight / 3;
    // What had the focus may be gone with the words before: the next key is for what came instead.
    if (held) (whole ?? article).focus({ preventScroll: true });
  }

  // What is known of the passage besides its words: its time, memos, where the paper quotes it.
  function about({ memos, quoted, time, plays, source }) {
    const parts = memos.map((one) => make("p", { class: "memo" }, `✎ ${one}`));
    if (quoted.length) parts.push(make("p", {}, `Quoted in ${quoted.join("; ")}`));
    if (plays) parts.unshift(button(time ? `▶ ${time}` : "▶ the recording", () => play(source, time)));
    else if (time) parts.unshift(make("p", {}, `In the recording at ${time}`));
    return parts;
  }

  // Keys may come faster than answers: only where the reader wants to be last is asked for.
  async function read(at, context) {
    state.wanted = { at: Math.min(Math.max(at, 0), state.total - 1), context };
    if (state.reading) return;
    state.reading = true;
    const focused = list.contains(document.activeElement);
    while (state.shown?.at !== state.wanted.at || state.shown?.context !== state.wanted.context) {
      const { result, wanted } = state;
      const elsewhere = wanted.at < state.from || wanted.at >= state.from + list.children.length;
      const page = elsewhere ? await ask({ ask: "page", from: wanted.at }) : null;
      const reply = await ask({ ask: "read", ...wanted });
      if (result !== state.result) break;
      if (page) listPage(page);
      showPassage(reply, wanted);
    }
    state.reading = false;
    if (focused) list.querySelector("[aria-current]")?.focus();
  }

  function step(by) {
    read(state.wanted.at + by, state.wanted.context);
  }

  function keys(event) {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const inList = list.contains(event.target);
    const moves = { ArrowRight: 1, n: 1, ArrowLeft: -1, p: -1 };
    if (inList) Object.assign(moves, { ArrowDown: 1, ArrowUp: -1 });
    if (event.key in moves) step(moves[event.key]);
    else if (event.key === "c") read(state.wanted.at, (state.wanted.context + 1) % contexts.length);
    else return;
    event.preventDefault();
  }

  // Turning the list's pages, and going to a passage by its number.
  function pages() {
    const turn = async (from) => {
      const { result } = state;
      const reply = await ask({ ask: "page", from });
      if (result === state.result) listPage(reply);
    };
    const back = button("", () => turn(state.from - setup.page));
    const on = button("", () => turn(state.from + setup.page));
    const where = make("span");
    const number = make("input", { type: "number", min: 1, "aria-label": "Go to passage number", placeholder: "Go to",
      onchange: () => { if (number.value) read(Number(number.value) - 1, state.wanted.context); number.value = ""; } });
    const node = make("div", { class: "pages" }, back, where, on, number);
    const tell = () => {
      const last = state.from + list.children.length;
      node.hidden = state.total <= setup.page;
      where.textContent = `${counting(state.from + 1)} to ${counting(last)}`;
      back.textContent = `‹ ${setup.page} before`;
      on.textContent = `${Math.min(setup.page, state.total - last)} more ›`;
      allow(back, state.from > 0);
      allow(on, last < state.total);
      number.max = state.total;
    };
    return [node, tell];
  }

  function notes() {
    const memo = { name: make("input", { value: "exploring", size: 18 }), note: make("textarea", { rows: 2 }) };
    const judged = {
      claim: choice(setup.claims.map(([id]) => [id, id])),
      bears: choice(setup.bears.map((word) => [word, word])),
      by: make("input", { size: 8 }),
      note: make("textarea", { rows: 2 }),
    };
    const sentence = make("p", { class: "sentence" });
    const tell = () => {
      sentence.textContent = Object.fromEntries(setup.claims)[judged.claim.value] ?? "No claims yet.";
    };
    judged.claim.addEventListener("change", tell);
    tell();
    return [
      form("Add to memo", "memo", memo, [
        labelled("Memo", memo.name), labelled("Note", memo.note)]),
      form("Bears on claim", "bears", judged, [
        labelled("Claim", judged.claim), sentence, labelled("It", judged.bears),
        labelled("Judged by", judged.by), labelled("Note", judged.note)]),
    ];
  }

  function form(title, asked, fields, rows) {
    const many = 20;
    const said = make("span", { role: "status", class: "said" });
    // What was sent last, so that a second click on the same does not send it again.
    let sent = "";
    let sure = false;
    const send = async (all) => {
      if (all && state.total > many && !sure) {
        sure = true;
        every.textContent = `Really all ${counting(state.total)}?`;
        return;
      }
      const values = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one.value]));
      const message = { ask: asked, at: state.shown.at, all, ...values };
      const own = JSON.stringify([state.result, message]);
      if (own === sent) return;
      sent = own;
      const reply = await ask(message);
      if (own !== sent) return;
      clear();
      tell(said, reply);
      sent = reply.problem ? "" : own;
    };
    // The second half of a double click is no second answer.
    const clicked = (all) => (event) => { if (event.detail < 2) send(all); };
    const every = button("", clicked(true));
    // Another passage or another result: what was said is not of it.
    const clear = () => {
      said.textContent = sent = "";
      sure = false;
      every.textContent = `All ${counting(state.total)}`;
      every.hidden = state.total < 2;
    };
    const doing = make("div", { class: "doing" }, button("This passage", clicked(false)), every, said);
    return { node: make("details", { class: "note" }, make("summary", {}, title), ...rows, doing), clear };
  }

  return { node, show };
}

// Codes joined by operators, filters, and a reader of what they find.
function explorer(setup, ask) {
  const reading = reader(setup, ask);
  const terms = make("ol", { class: "terms" });
  const filters = setup.filters.map(({ name, values, typed }) => filter(name, values, typed));
  const codes = setup.codes.map(({ code, name, depth }) => [code, "\u2003".repeat(depth) + name]);
  let latest = 0;

  function add() {
    const distance = make("input", { type: "number", min: 1, max: 9999, value: setup.near, hidden: true,
      "aria-label": "Passages away", title: "Counted over passages of the voices in question", onchange: search });
    const operator = choice(["and", "or", "near", "not"].map((word) => [word, word]), {
      "aria-label": "Operator",
      onchange: () => { distance.hidden = operator.value !== "near"; search(); },
    });
    const code = choice([["", "choose a code"], ...codes], { "aria-label": "Code", onchange: search });
    const term = make("li", {}, operator, distance, code,
      button("×", () => { term.remove(); renumber(); search(); another.focus(); }, { "aria-label": "Take this code out", class: "out" }));
    terms.append(term);
    renumber();
    return term;
  }

  function renumber() {
    [...terms.children].forEach((term, number) => {
      const [operator] = term.querySelectorAll("select");
      operator.options[0].textContent = number ? "and" : "with";
      for (const word of [1, 2]) operator.options[word].disabled = operator.options[word].hidden = !number;
      if (!number && ["or", "near"].includes(operator.value)) {
        operator.value = "and";
        term.querySelector("input").hidden = true;
      }
    });
  }

  async function search() {
    const begun = performance.now();
    latest += 1;
    const own = latest;
    const chosen = [...terms.children].map((term) => {
      const [operator, code] = term.querySelectorAll("select");
      return { operator: operator.value, code: code.value, distance: Number(term.querySelector("input").value) || setup.near };
    }).filter((term) => term.code);
    const reply = await ask({
      ask: "search",
      terms: chosen,
      filters: Object.fromEntries(filters.map(({ name, chosen }) => [name, chosen()])),
    });
    if (own !== latest) return;
    reading.show(reply);
    requestAnimationFrame(() => setTimeout(() => {
      node.dataset.milliseconds = Math.round(performance.now() - begun);
    }));
  }

  // A filter, and as many more of the same as are wanted: what any of them names is found.
  function filter(name, values, typed) {
    const any = { coder: "that counts", voice: "those that count" }[name] ?? "any";
    const one = (attributes, none) => (typed ? make("input", { type: typed, ...attributes, onchange: changed })
      : choice([["", none], ...values], { ...attributes, onchange: changed }));
    const fields = [one({ name }, any)];
    const node = labelled(name, fields[0]);
    const more = button("or …", () => {
      const field = one({ "aria-label": `${name}, or` }, "no other");
      fields.push(field);
      more.before(field);
      field.focus();
    }, { "aria-label": `${name === "words" ? "Other" : "Another"} ${name} as well`, class: "more", hidden: true });
    function changed() {
      // The first is for all or one; without it there are no others.
      if (!fields[0].value) fields.splice(1).forEach((one) => one.remove());
      more.hidden = !fields[0].value || ["coder", "claim", "since", "until"].includes(name) || (!typed && values.length < 2);
      search();
    }
    node.append(more);
    return { name, node, chosen: () => fields.map((one) => one.value).filter(Boolean) };
  }

  const another = button("Add another code", () => add().querySelectorAll("select")[1].focus());
  add();
  const asking = make("form", { class: "asking", onsubmit: (event) => event.preventDefault() },
    make("fieldset", { class: "codes" }, make("legend", {}, "Codes, read from top to bottom"), terms, another),
    make("fieldset", { class: "filters" }, make("legend", {}, "Where and by whom"),
      ...filters.map(({ node }) => node)));
  const node = make("div", { class: "explorer" }, asking, reading.node);
  reading.show(setup.first);
  return node;
}

// The passages that a line of code found.
function found(setup, ask) {
  const reading = reader(setup, ask);
  reading.show(setup.first);
  return reading.node;
}

// A concordance: the words before stand close to the word; each line leads to its passage.
function lines(setup, ask) {
  const most = 100;
  const reading = reader(setup, ask);
  reading.node.hidden = true;
  const wanted = make("input", { type: "search", oninput: () => list(0) });
  const where = make("p", { class: "hint", role: "status" });
  const body = make("tbody", { onkeydown: move });
  const back = button("‹ before", () => list(from - most));
  const on = button("more ›", () => list(from + most));
  const sorts = [["", "as they stand"], ["left", "words before, the nearest first"], ["right", "words after"]];
  const sort = choice(sorts, { onchange: () => list(0) });
  let from = 0;

  function list(start) {
    from = start;
    const words = wanted.value.trim().toLowerCase();
    const found = setup.rows.map((row, at) => [row, at]).filter(([row]) => row.join(" ").toLowerCase().includes(words));
    const key = { left: ([row]) => row[1].toLowerCase().split(/[^\p{L}\p{N}'’]+/u).reverse().join(" ").trim(),
      right: ([row]) => row[3].toLowerCase().replace(/^[^\p{L}\p{N}]+/u, "") }[sort.value];
    if (key) found.sort((a, b) => key(a).localeCompare(key(b), "en") || a[1] - b[1]);
    body.replaceChildren(...found.slice(from, from + most).map(([[id, left, word, right], at], number) => {
      const own = button(word, () => choose(own, at), { "aria-label": `${id}: ${left} ${word} ${right}`, tabindex: number ? "-1" : "0", "aria-pressed": "false" });
      return make("tr", { onclick: (event) => { if (!event.target.closest("button")) own.click(); } }, make("th", { scope: "row" }, id),
        make("td", { class: "left" }, left), make("td", { class: "word" }, own), make("td", {}, right));
    }));
    where.textContent = found.length
      ? `${counting(from + 1)} to ${counting(Math.min(from + most, found.length))} of ${counting(found.length)} places` : "no place";
    allow(back, from > 0);
    allow(on, from + most < found.length);
    back.hidden = on.hidden = found.length <= most;
  }

  async function choose(own, at) {
    body.querySelector("[aria-pressed=true]")?.setAttribute("aria-pressed", "false");
    own.setAttribute("aria-pressed", "true");
    focusOn(own);
    reading.node.hidden = false;
    reading.show(await ask({ ask: "line", at }));
    reading.node.scrollIntoView?.({ block: "nearest" });
  }

  function focusOn(own) {
    for (const one of body.querySelectorAll("[tabindex='0']")) one.tabIndex = -1;
    own.tabIndex = 0;
    own.focus();
  }

  function move(event) {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const row = event.target.closest("tr");
    if (!by || !row) return;
    event.preventDefault();
    const next = body.rows[row.sectionRowIndex + by]?.querySelector("button");
    if (next) focusOn(next);
  }

  list(0);
  return make("div", { class: "lines" }, head(setup, ask),
    make("div", { class: "bar" }, labelled("Search", wanted), labelled("Sort by", sort), back, on), where,
    make("div", { class: "scroll" }, make("table", { class: "concordance", dir: rightToLeft(setup.rows[0]?.[2] ?? "") ? "rtl" : "ltr" }, body)),
    make("p", { class: "hint" }, "Choose a place to read its passage; arrow keys move."), reading.node);
}

// The codes as a map: a code, and a line between two, each lists its passages.
function map(setup, ask) {
  const [width, height, edge] = [800, 480, 90];
  const reading = reader(setup, ask);
  reading.node.hidden = true;
  const svg = (tag, attributes, ...children) => {
    const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const at = new Map(setup.nodes.map(([code, name, x, y, count]) =>
    [code, { name, count, x: edge + x * (width - 2 * edge), y: 44 + y * (height - 68) }]));
  const top = Math.max(1, ...setup.edges.map(([, , count]) => count));
  const most = Math.max(1, ...setup.nodes.map(([, , , , count]) => count));
  const pointed = (node, said, one, other) => {
    const chosen = () => choose(node, one, other);
    for (const [name, value] of Object.entries({ role: "button", "aria-label": said, "aria-pressed": "false", tabindex: "-1" })) node.setAttribute(name, value);
    node.addEventListener("click", chosen);
    node.addEventListener("keydown", (event) => { if (["Enter", " "].includes(event.key)) { event.preventDefault(); chosen(); } });
    node.append(svg("title", {}, said));
    return node;
  };
  const drawn = [
    ...setup.edges.map(([one, other, count]) => {
      const [a, b] = [at.get(one), at.get(other)];
      const ends = { x1: a.x, y1: a.y, x2: b.x, y2: b.y };
      return pointed(svg("g", { class: "edge" }, svg("line", { ...ends, class: "reach" }),
        svg("line", { ...ends, "stroke-width": 1 + (5 * count) / top })), `${a.name} with ${b.name}: ${count}`, one, other);
    }),
    ...[...at].map(([code, { name, count, x, y }]) => pointed(svg("g", { class: "node" },
      svg("circle", { cx: x, cy: y, r: 4 + 10 * Math.sqrt(count / most) }),
      svg("text", { x, y: y - 8 - 10 * Math.sqrt(count / most), "text-anchor": "middle" }, name)), `${name}: ${count} passages`, code, code)),
  ];
  const picture = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": setup.title }, ...drawn);
  picture.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const now = drawn.indexOf(event.target.closest("g"));
    if (!by || now < 0) return;
    event.preventDefault();
    focusOn(drawn[(now + by + drawn.length) % drawn.length]);
  });
  const first = drawn[setup.edges.length];
  if (first) first.setAttribute("tabindex", "0");

  function focusOn(own) {
    for (const one of drawn) one.setAttribute("tabindex", one === own ? "0" : "-1");
    own.focus();
  }

  async function choose(own, row, column) {
    for (const one of drawn) one.setAttribute("aria-pressed", String(one === own));
    focusOn(own);
    reading.node.hidden = false;
    reading.show(await ask({ ask: "cell", row, column }));
    reading.node.scrollIntoView?.({ block: "nearest" });
  }

  return make("div", { class: "mapped" }, make("h3", {}, setup.title), head(setup, ask), picture,
    make("p", { class: "hint" }, `${setup.rule} Choose a code or a line to read its passages; arrow keys move.`), reading.node);
}

// A chart beside its cells as buttons, and a reader of the chosen cell's passages.
function grid(setup, ask) {
  const reading = reader(setup, ask);
  reading.node.hidden = true;
  const cells = new Map(setup.cells.map(([row, column, ...cell]) => [row + "\n" + column, cell]));
  const written = new Map(setup.written.map(([row, column, words]) => [row + "\n" + column, words]));
  const remarked = Object.keys(setup.remarks).length > 0;
  const titles = make("tr", {}, make("td"), ...setup.columns.map(([, name]) => make("th", { scope: "col" }, make("span", {}, name))),
    remarked ? make("th", { scope: "col" }, "what a person wrote") : "");
  const body = setup.rows.map(([row, name]) =>
    make("tr", {}, make("th", { scope: "row" }, name), ...setup.columns.map(([column]) => {
      const cell = cells.get(row + "\n" + column);
      const words = written.get(row + "\n" + column);
      const said = words ? make("p", { class: "written" }, words) : "";
      if (!cell) return make("td", { class: "none" }, said);
      const [label, spoken, share] = cell;
      const own = button(label, () => choose(own, row, column), { "aria-label": spoken, title: spoken, tabindex: "-1", "aria-pressed": "false" });
      own.style.setProperty("--share", `${Math.round(share * 100)}%`);
      return make("td", {}, own, said);
    }), remarked ? make("td", { class: "remark" }, setup.remarks[row] ?? "") : ""));
  const table = make("table", { class: setup.bars ? "cells bars" : "cells shades", onkeydown: move }, make("thead", {}, titles), make("tbody", {}, ...body));
  const first = table.querySelector("button");
  if (first) first.tabIndex = 0;

  async function choose(own, row, column) {
    table.querySelector("[aria-pressed=true]")?.setAttribute("aria-pressed", "false");
    own.setAttribute("aria-pressed", "true");
    focusOn(own);
    const reply = await ask({ ask: "cell", row, column });
    reading.node.hidden = false;
    reading.show(reply);
    // What was chosen is read where one looks.
    reading.node.scrollIntoView?.({ block: "nearest" });
  }

  function focusOn(own) {
    for (const one of table.querySelectorAll("[tabindex='0']")) one.tabIndex = -1;
    own.tabIndex = 0;
    own.focus();
  }

  // Arrow keys go to the next cell in their direction that holds a count.
  function move(event) {
    const steps = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0] };
    const cell = event.target.closest("td");
    if (!cell || !(event.key in steps)) return;
    event.preventDefault();
    const [down, right] = steps[event.key];
    let row = cell.parentNode.rowIndex + down;
    let column = cell.cellIndex + right;
    for (; table.rows[row]?.cells[column]; row += down, column += right) {
      const next = table.rows[row].cells[column].querySelector("button");
      if (next) return focusOn(next);
    }
  }

  const picture = setup.picture
    ? make("details", {}, make("summary", {}, "As the paper draws it"),
      make("img", { src: setup.picture, alt: `${setup.title}: the same counts as in the buttons` }))
    : "";
  return make("div", { class: "gridded" }, make("h3", {}, setup.title), head(setup, ask),
    make("div", { class: "scroll" }, table),
    make("p", { class: "hint" }, `${setup.rule} Choose a count to read the passages behind it; arrow keys move.`),
    reading.node, ...setup.beneath.map((one) => tabled(...one)), picture);
}

// A table that stands beneath a chart, as text.
function tabled(title, rule, columns, rows) {
  const line = (cells, tag, attributes) => make("tr", {}, ...cells.map((cell) => make(tag, attributes, cell)));
  return make("section", { class: "tabled" }, make("h4", {}, title), make("div", { class: "scroll" }, make("table", { class: "plain" },
    make("thead", {}, line(columns.map((one) => one.replaceAll("_", " ")), "th", { scope: "col" })),
    make("tbody", {}, ...rows.map((cells) => line(cells, "td", {}))))), make("p", { class: "hint" }, rule));
}

// What must be known of a table or chart, and what can be done with it as a whole.
function head(setup, ask) {
  const [line, showLine] = codeLine();
  showLine(setup.line);
  const [take] = taking(ask, true);
  return make("div", { class: "head" }, banner(setup.warnings), line,
    make("p", { class: "hint" }, `Counted in ${setup.counted}.`), take);
}

export default {
  initialize() {
    document.body.addEventListener("keydown", quiet);
  },
  render({ model, el }) {
    const [ask, silence, leave] = asker(model);
    const setup = model.get("setup");
    const form = { explorer, found, grid, lines, map, head }[model.get("form")];
    el.append(make("div", { class: "explore" }, silence, form(setup, ask),
      setup.notice ? make("p", { class: "hint" }, setup.notice) : ""));
    return leave;
  },
};
