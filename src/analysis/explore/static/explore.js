// The explorer's front end. It keeps no data of its own: every change asks Python, which answers
// with what the line of code shown would give. Words are set as text; `html` comes escaped.

function make(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== null) node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}

const button = (text, onclick, attributes = {}) =>
  make("button", { type: "button", onclick, ...attributes }, text);

let fields = 0;

function labelled(text, field) {
  fields += 1;
  field.id = `explore-field-${fields}`;
  return make("div", { class: "field" }, make("label", { for: field.id }, text), field);
}

const option = (value, text = value) => make("option", { value }, text);

function choice(values, attributes = {}) {
  return make("select", attributes, ...values.map(([value, text]) => option(value, text)));
}

// Asks Python and waits for its answer; `model` carries the messages.
function asker(model) {
  let number = 0;
  const waiting = new Map();
  const heard = (message) => {
    waiting.get(message.to)?.(message);
    waiting.delete(message.to);
  };
  model.on("msg:custom", heard);
  const ask = (message) =>
    new Promise((resolve) => {
      number += 1;
      waiting.set(number, resolve);
      model.send({ ...message, number });
    });
  return [ask, () => model.off("msg:custom", heard)];
}

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

// The passages of one result: a list, one passage to read, and what to do with it.
function reader(setup, ask) {
  const state = { total: 0, at: 0, from: 0, context: 0 };
  const counted = make("p", { class: "counted", "aria-live": "polite" });
  const warned = make("div");
  const [line, showLine] = codeLine();
  const list = make("ol", { class: "list" });
  const place = make("span", { class: "place", "aria-live": "polite" });
  const article = make("article", { tabindex: "0", "aria-label": "Passage" });
  const contexts = ["Passage", "Neighbours", "Whole source"].map((name, context) =>
    button(name, () => read(state.at, context), { "aria-pressed": "false" }),
  );
  const before = button("‹ Previous", () => step(-1), { title: "Left arrow, or p" });
  const after = button("Next ›", () => step(1), { title: "Right arrow, or n" });
  const steps = make("div", { class: "steps" }, before, place, after,
    make("span", { class: "contexts", role: "group", "aria-label": "Context" }, ...contexts));
  const pane = make("div", { class: "pane" }, steps, article, ...notes());
  const both = make("div", { class: "both" }, list, pane);
  const node = make("section", { class: "reader", "aria-label": "Passages", onkeydown: keys },
    counted, warned, line, both);

  function show(reply) {
    both.hidden = line.hidden = !reply.total;
    warned.replaceChildren();
    if (reply.problem) {
      counted.textContent = reply.problem;
      return;
    }
    Object.assign(state, { total: reply.total, at: 0, context: 0 });
    counted.textContent = reply.counted;
    line.hidden = false;
    showLine(reply.line);
    warned.replaceChildren(banner(reply.warnings));
    listPage(reply);
    if (reply.total) showPassage(reply);
  }

  function listPage(reply) {
    state.from = reply.from;
    list.start = reply.from + 1;
    list.replaceChildren(
      ...reply.listed.map((row) =>
        make("li", {},
          button("", () => read(row.at, 0), { "data-at": row.at, tabindex: "-1" }))),
    );
    reply.listed.forEach((row, number) => {
      list.children[number].firstChild.append(
        make("b", {}, row.id), " ", make("i", {}, row.who), make("span", {}, row.words));
    });
  }

  function showPassage(reply) {
    state.at = reply.at;
    article.innerHTML = reply.html;
    for (const one of reply.own_warnings) {
      article.prepend(make("p", { class: "flag" }, make("strong", {}, "Not for release: "), one));
    }
    place.textContent = `${(reply.at + 1).toLocaleString("en-GB")} of ${state.total.toLocaleString("en-GB")}`;
    before.disabled = reply.at === 0;
    after.disabled = reply.at === state.total - 1;
    contexts.forEach((one, context) =>
      one.setAttribute("aria-pressed", String(context === state.context)));
    for (const row of list.querySelectorAll("button")) {
      const here = Number(row.dataset.at) === reply.at;
      row.tabIndex = here ? 0 : -1;
      if (here) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
    }
    const row = list.querySelector("[aria-current]");
    if (row) list.scrollTop = Math.max(0, row.parentNode.offsetTop - list.clientHeight / 2);
    const here = article.querySelector("[aria-current]");
    const whole = article.querySelector(".whole");
    if (here && whole) whole.scrollTop = here.offsetTop - whole.clientHeight / 3;
  }

  async function read(at, context) {
    const focused = list.contains(document.activeElement);
    if (at < state.from || at >= state.from + list.children.length) {
      listPage(await ask({ ask: "page", from: at }));
    }
    state.context = context;
    showPassage(await ask({ ask: "read", at, context }));
    if (focused) list.querySelector("[aria-current]")?.focus();
  }

  function step(by) {
    const to = state.at + by;
    if (to >= 0 && to < state.total) read(to, state.context);
  }

  function keys(event) {
    if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
    const inList = list.contains(event.target);
    const moves = { ArrowRight: 1, n: 1, ArrowLeft: -1, p: -1 };
    if (inList) Object.assign(moves, { ArrowDown: 1, ArrowUp: -1 });
    if (event.key in moves) step(moves[event.key]);
    else if (event.key === "c") read(state.at, (state.context + 1) % contexts.length);
    else return;
    event.preventDefault();
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
    const said = make("span", { role: "status", class: "said" });
    const send = async (all) => {
      const values = Object.fromEntries(Object.entries(fields).map(([name, one]) => [name, one.value]));
      const reply = await ask({ ask: asked, at: state.at, all, ...values });
      said.textContent = reply.problem ?? reply.said;
    };
    const doing = make("div", { class: "doing" },
      button("This passage", () => send(false)), button("All that are listed", () => send(true)), said);
    return make("details", { class: "note" }, make("summary", {}, title), ...rows, doing);
  }

  return { node, show };
}

// Codes joined by operators, filters, and a reader of what they find.
function explorer(setup, ask) {
  const reading = reader(setup, ask);
  const terms = make("ol", { class: "terms" });
  const filters = setup.filters.map(({ name, values }) => [
    name,
    choice([["", name === "coder" ? "that counts" : "any"], ...values.map((v) => [v, v.replaceAll("_", " ")])],
      { onchange: search, name }),
  ]);
  const codes = setup.codes.map(({ code, name, depth }) => [code, "\u2003".repeat(depth) + name]);
  let latest = 0;

  function add() {
    const distance = make("input", { type: "number", min: 1, max: 9999, value: setup.near, hidden: true,
      "aria-label": "Passages away", onchange: search });
    const operator = choice(["and", "or", "near", "not"].map((word) => [word, word]), {
      "aria-label": "Operator",
      onchange: () => { distance.hidden = operator.value !== "near"; search(); },
    });
    const code = choice([["", "choose a code"], ...codes], { "aria-label": "Code", onchange: search });
    const term = make("li", {}, operator, distance, code,
      button("×", () => { term.remove(); renumber(); search(); }, { "aria-label": "Take this code out", class: "out" }));
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
      filters: Object.fromEntries(filters.map(([name, field]) => [name, field.value])),
    });
    if (own !== latest) return;
    reading.show(reply);
    requestAnimationFrame(() => setTimeout(() => {
      node.dataset.milliseconds = Math.round(performance.now() - begun);
    }));
  }

  add();
  const another = button("Add another code", () => add().querySelectorAll("select")[1].focus());
  const asking = make("form", { class: "asking", onsubmit: (event) => event.preventDefault() },
    make("fieldset", { class: "codes" }, make("legend", {}, "Codes, read from top to bottom"), terms, another),
    make("fieldset", { class: "filters" }, make("legend", {}, "Where and by whom"),
      ...filters.map(([name, field]) => labelled(name, field))));
  const node = make("div", { class: "explorer" }, asking, reading.node);
  reading.show(setup.first);
  return node;
}

// A chart beside its cells as buttons, and a reader of the chosen cell's passages.
function grid(setup, ask) {
  const reading = reader(setup, ask);
  reading.node.hidden = true;
  const [line, showLine] = codeLine();
  showLine(setup.line);
  const cells = new Map(setup.cells.map(([row, column, ...cell]) => [row + "\n" + column, cell]));
  const remarked = Object.keys(setup.remarks).length > 0;
  const head = make("tr", {}, make("td"), ...setup.columns.map(([, name]) => make("th", { scope: "col" }, make("span", {}, name))),
    remarked ? make("th", { scope: "col" }, "what a person wrote") : "");
  const body = setup.rows.map(([row, name]) =>
    make("tr", {}, make("th", { scope: "row" }, name), ...setup.columns.map(([column]) => {
      const cell = cells.get(row + "\n" + column);
      if (!cell) return make("td", { class: "none" });
      const [label, said, share] = cell;
      const own = button(label, () => choose(own, row, column), { "aria-label": said, title: said, tabindex: "-1", "aria-pressed": "false" });
      own.style.setProperty("--share", `${Math.round(share * 100)}%`);
      return make("td", {}, own);
    }), remarked ? make("td", { class: "remark" }, setup.remarks[row] ?? "") : ""));
  const table = make("table", { class: setup.bars ? "cells bars" : "cells shades", onkeydown: move }, make("thead", {}, head), make("tbody", {}, ...body));
  const first = table.querySelector("button");
  if (first) first.tabIndex = 0;

  async function choose(own, row, column) {
    table.querySelector("[aria-pressed=true]")?.setAttribute("aria-pressed", "false");
    own.setAttribute("aria-pressed", "true");
    focusOn(own);
    const reply = await ask({ ask: "cell", row, column });
    reading.node.hidden = false;
    reading.show(reply);
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
    ? make("img", { src: setup.picture, alt: `${setup.title}: the same counts as in the buttons` })
    : "";
  return make("div", { class: "gridded" }, make("h3", {}, setup.title), line,
    make("div", { class: "chart" }, picture, make("div", { class: "scroll" }, table)),
    make("p", { class: "hint" }, "Choose a count to read the passages behind it; arrow keys move."),
    reading.node);
}

// JupyterLab listens at the document, where a lone x deletes the cell and 00 restarts the kernel:
// no key pressed in anything of ours gets there, but for saving.
function quiet(event) {
  const saving = (event.ctrlKey || event.metaKey) && event.key === "s";
  if (!saving && event.target.closest?.(".explore")) event.stopPropagation();
}

export default {
  initialize() {
    document.body.addEventListener("keydown", quiet);
  },
  render({ model, el }) {
    const [ask, leave] = asker(model);
    const setup = model.get("setup");
    const form = { explorer, grid }[model.get("form")];
    el.append(make("div", { class: "explore" }, form(setup, ask),
      setup.notice ? make("p", { class: "hint" }, setup.notice) : ""));
    return leave;
  },
};
