// Work done place by place: the place in its context, what it is about, and one key a choice.
function steps(setup, ask) {
  const state = { at: 0, count: 0, choices: [], busy: false };
  const wrong = make("p", { class: "wrong", role: "alert" });
  const said = make("p", { class: "said", role: "status" });
  const queue = choice(setup.queues, { onchange: () => open(queue.value) });
  const where = make("p", { class: "place", "aria-live": "polite" });
  const article = make("article", { tabindex: "0", "aria-label": "Place", onmouseup: marked });
  const facts = make("ul", { class: "facts" });
  const choices = make("div", { class: "choices", role: "group", "aria-label": "Decide" });
  const told = make("ul", { class: "told", "aria-live": "polite", "aria-label": "So far" });
  const before = button("‹ Previous", () => read(state.at - 1), { title: "Left arrow" });
  const after = button("Next ›", () => read(state.at + 1), { title: "Right arrow" });
  const waiting = button("Next that waits", () => read(state.at + 1, true), { title: "n" });
  const undo = button("Undo", () => act({ ask: "undo", at: state.at }), { title: "u" });
  const fields = setup.fields.map(({ name, label, marks }) => ({ name, marks, input: make("textarea", { rows: 2 }), label }));
  const node = make("section", { class: "steps-work", "aria-label": setup.title, onkeydown: keys },
    make("h3", {}, setup.title), make("div", { class: "bar" }, labelled("Work on", queue), before, where, after, waiting, undo), wrong, said,
    make("p", { class: "hint" }, `Keys: a number decides; ← → go on; n to the next that waits; u takes back${
      setup.fields.length ? `; f writes the ${setup.fields[0].label.toLowerCase()}, Escape leaves it` : ""}.`),
    make("div", { class: "both" }, article,
      make("aside", { "aria-label": "Decision" }, facts, ...fields.map((one) => labelled(one.label, one.input)), choices,
        make("h4", {}, "So far"), told)));

  async function open(name) {
    show(await ask({ ask: "open", queue: name }));
  }

  async function read(at, wait = false) {
    show(await ask({ ask: "read", at, waiting: wait }));
  }

  async function act(message) {
    if (state.busy) return;
    state.busy = true;
    show(await ask(message));
    state.busy = false;
  }

  function show(reply) {
    wrong.textContent = reply.problem ?? "";
    if (reply.problem) return;
    said.textContent = reply.said ?? "";
    if (reply.choices) {
      state.choices = reply.choices;
      choices.replaceChildren(...reply.choices.map(({ key, name }) =>
        button(`${key} ${name}`, () => decide(name), { "data-name": name })));
    }
    Object.assign(state, { at: reply.at, count: reply.count });
    told.replaceChildren(...reply.told.map((one) => make("li", {}, one)));
    where.textContent = reply.count
      ? `${reply.name}: ${counting(reply.at + 1)} of ${counting(reply.count)}, ${counting(reply.left)} wait`
      : "nothing to do here";
    article.innerHTML = reply.html ?? "";
    facts.replaceChildren(...(reply.facts ?? []).map((one) => make("li", {}, one)));
    if (reply.done) facts.append(make("li", { class: "done" }, `decided: ${reply.done}`));
    for (const one of choices.children) one.setAttribute("aria-pressed", String(Boolean(reply.done) && reply.done.startsWith(one.dataset.name)));
    for (const one of fields) one.input.value = reply.fields?.[one.name] ?? "";
    allow(before, reply.at > 0);
    allow(after, reply.at < reply.count - 1);
    allow(waiting, reply.left > 0);
    const here = article.querySelector("[aria-current]");
    if (here) article.scrollTop = here.offsetTop - article.clientHeight / 3;
  }

  function decide(name) {
    if (!state.count) return;
    const given = Object.fromEntries(fields.map((one) => [one.name, one.input.value]));
    act({ ask: "decide", at: state.at, choice: name, fields: given });
  }

  // Words marked with the mouse go into the field that takes them; sups are not words.
  function marked() {
    const field = fields.find((one) => one.marks);
    const chosen = getSelection();
    if (!field || chosen.isCollapsed || !article.contains(chosen.anchorNode)) return;
    const copy = chosen.getRangeAt(0).cloneContents();
    copy.querySelectorAll("sup, .speaker, .chips").forEach((one) => one.remove());
    field.input.value = copy.textContent.replace(/[⟨⟩]/g, "").trim();
  }

  function keys(event) {
    if (event.key === "Escape" && event.target.closest("textarea")) { article.focus(); return; }
    if (event.target.closest("textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const one = state.choices.find(({ key }) => key === event.key);
    if (one) decide(one.name);
    else if (event.key === "ArrowRight") read(state.at + 1);
    else if (event.key === "ArrowLeft") read(state.at - 1);
    else if (event.key === "n") read(state.at + 1, true);
    else if (event.key === "f" && fields.length) fields[0].input.focus();
    else if (event.key === "u") act({ ask: "undo", at: state.at });
    else return;
    event.preventDefault();
  }

  if (setup.queues.length) open(setup.queues[0][0]);
  else where.textContent = "nothing to do here";
  return node;
}
