// What every widget of the lab is made of: put before its own module, since it may load nothing.

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

// A button that has nothing to do stays where it is and keeps the focus: see `allow`.
const button = (text, onclick, attributes = {}) =>
  make("button", { type: "button", ...attributes,
    onclick: (event) => { if (event.currentTarget.getAttribute("aria-disabled") !== "true") onclick(event); } }, text);

function allow(one, allowed) {
  one.setAttribute("aria-disabled", String(!allowed));
}

// Every output has its own copy of this module: a counter alone would name fields of two the same.
const ours = Math.random().toString(36).slice(2);
let fields = 0;

function labelled(text, field) {
  fields += 1;
  field.id = `explore-${ours}-${fields}`;
  return make("div", { class: "field" }, make("label", { for: field.id }, text), field);
}

// What was done, or what went wrong: an error looks like one.
function tell(said, reply) {
  said.classList.toggle("wrong", Boolean(reply.problem));
  said.textContent = reply.problem ?? reply.said;
}

const counting = (number) => number.toLocaleString("en-GB");

// Whether the first letter of a text belongs to a script that is read from right to left.
const rightToLeft = (text) => /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]|\ud802|\ud803|\ud83a/.test(text.match(/\p{L}/u)?.[0] ?? "");

const option = (value, text = value) => make("option", { value }, text);

function choice(values, attributes = {}) {
  return make("select", attributes, ...values.map(([value, text]) => option(value, text)));
}

// Asks Python and waits for its answer; `model` carries the messages. An answer that does not come
// is said: `silence` is shown while the oldest question waits for longer than `patience`.
function asker(model) {
  const patience = 4000;
  const silence = make("p", { class: "silence", role: "alert" });
  let number = 0;
  const waiting = new Map();
  const heard = (message, buffers) => {
    const asked = waiting.get(message.to);
    waiting.delete(message.to);
    clearTimeout(asked?.timer);
    if (!waiting.size) silence.textContent = "";
    asked?.resolve({ ...message, buffers });
  };
  model.on("msg:custom", heard);
  const ask = (message) =>
    new Promise((resolve) => {
      number += 1;
      const timer = setTimeout(() => {
        silence.textContent =
          "Python has not answered yet: it is busy with another cell, or the kernel has stopped. " +
          "If it has stopped, run the notebook again from the top.";
      }, patience);
      waiting.set(number, { resolve, timer });
      model.send({ ...message, number });
    });
  const leave = () => {
    model.off("msg:custom", heard);
    for (const { timer } of waiting.values()) clearTimeout(timer);
  };
  return [ask, silence, leave];
}

// "1:02:03" in seconds.
const seconds = (time) => time.split(":").reduce((all, part) => 60 * all + Number(part), 0);

// The recording of one source, fetched from Python when it is first played; it goes nowhere else.
function recording(load) {
  const sound = make("audio", { controls: true, hidden: true, "aria-label": "The recording" });
  const said = make("span", { role: "status", class: "fetched" });
  let of = "";
  const play = async (source, time) => {
    if (of !== source) {
      said.textContent = "fetching the recording …";
      const reply = await load(source);
      said.classList.toggle("wrong", Boolean(reply.problem));
      said.textContent = reply.problem ?? "";
      if (reply.problem) return;
      if (sound.src) URL.revokeObjectURL(sound.src);
      sound.src = URL.createObjectURL(new Blob(reply.buffers, { type: reply.kind }));
      of = source;
    }
    sound.hidden = false;
    sound.currentTime = time ? seconds(time) : 0;
    sound.play().catch(() => { said.textContent = "this browser cannot play it"; });
  };
  return [make("div", { class: "playing" }, sound, said), play];
}

// JupyterLab listens at the document, where a lone x deletes the cell and 00 restarts the kernel:
// no key pressed in anything of ours gets there, but for saving.
function quiet(event) {
  const saving = (event.ctrlKey || event.metaKey) && event.key === "s";
  if (!saving && event.target.closest?.(".explore, .explore-table")) event.stopPropagation();
}
