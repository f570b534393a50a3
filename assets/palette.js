/* The command palette: the list comes once when it is opened and is filtered here; what is chosen goes to the server as
   one event, or presses a button that is on the page. A combobox with a list (WAI-ARIA 1.2): the focus stays in the field. */
(() => {
  const MOST = 60;
  const byId = (id) => document.getElementById(id);
  const commands = () => byId("commands");
  let shown = []; // the options on screen, in order
  let active = 0;

  function parsed(text, otherwise) {
    try {
      return JSON.parse(text ?? "") ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  /** How well an item fits every word that was typed: lower is better, null does not fit. */
  function fit(item, words) {
    const title = item.title.toLowerCase();
    const all = `${title} ${item.hint} ${item.group}`.toLowerCase();
    let score = 0;
    for (const word of words) {
      if (title.startsWith(word)) continue;
      if (` ${title}`.includes(` ${word}`)) score += 1;
      else if (` ${all}`.includes(` ${word}`)) score += 2;
      else if (all.includes(word)) score += 3;
      else return null;
    }
    return score;
  }

  function found(text) {
    const there = (item) => !item.action.startsWith("press:") || document.querySelector(item.action.slice(6));
    const items = parsed(commands()?.dataset.paletteItems, []).filter(there);
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) return items.filter((item) => ["Do", "Go to", "Focus on a client"].includes(item.group));
    const fitting = items.map((item) => ({ ...item, score: fit(item, words) })).filter((item) => item.score !== null);
    const groups = [...new Set(items.map((item) => item.group))];
    const best = {}; // a group stands where its best item does
    for (const item of fitting) best[item.group] = Math.min(best[item.group] ?? item.score, item.score);
    const order = (item) => [best[item.group], groups.indexOf(item.group), item.score];
    fitting.sort((one, other) => order(one).map((value, place) => value - order(other)[place]).find((difference) => difference) ?? 0);
    return fitting.slice(0, MOST);
  }

  function draw() {
    const field = byId("palette-input");
    const list = byId("palette-list");
    if (!field || !list || !byId("palette").open) return;
    const line = parsed(commands()?.dataset.paletteLine, {});
    const fresh = line.text !== undefined && line.text === field.value;
    const before = shown[active]?.action;
    const said = fresh && line.note ? line.note : "";
    shown = [...(fresh ? line.options.map((one) => ({ ...one, group: "Log", key: "" })) : []), ...found(field.value)];
    const kept = shown.findIndex((item) => item.action === before);
    active = field.dataset.moved && kept >= 0 ? kept : 0;
    list.replaceChildren();
    let group = "";
    shown.forEach((item, place) => {
      if (item.group !== group) {
        group = item.group;
        list.append(part("li", "pal-g", group, { role: "presentation" }));
      }
      const row = part("li", "pal-i", "", { role: "option", id: `palette-${place}`, "aria-selected": "false", "aria-label": [item.title, item.hint, item.group].filter(Boolean).join(", ") });
      row.dataset.place = place;
      row.append(part("span", "trunc", item.title), part("span", "pal-h trunc", item.hint || ""));
      if (item.key) row.append(part("span", "kbd", item.key));
      list.append(row);
    });
    const count = shown.length === 1 ? "1 result" : `${shown.length} results`;
    byId("palette-status").textContent = said || (shown.length ? count : "Nothing is called that. A line such as 45m call fjord is logged.");
    mark();
  }

  function part(tag, className, text, attributes = {}) {
    const element = document.createElement(tag);
    element.className = className;
    element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function mark() {
    const field = byId("palette-input");
    for (const row of document.querySelectorAll("#palette-list [role=option]")) {
      const on = Number(row.dataset.place) === active;
      row.setAttribute("aria-selected", String(on));
      if (on) row.scrollIntoView({ block: "nearest" });
    }
    if (shown.length) field.setAttribute("aria-activedescendant", `palette-${active}`);
    else field.removeAttribute("aria-activedescendant");
  }

  function choose(item) {
    if (!item) return;
    const text = byId("palette-input").value;
    const [verb] = item.action.split(":");
    if (!["log", "timer", "answer"].includes(verb)) window.agency.close("palette");
    if (verb === "press") {
      const button = document.querySelector(item.action.slice(6));
      if (button?.matches("input")) button.focus();
      else button?.click();
      return;
    }
    const form = byId("palette-run");
    form.elements.action.value = item.action;
    form.elements.text.value = text;
    form.requestSubmit();
  }

  function open() {
    const field = byId("palette-input");
    if (!field || document.querySelector("dialog[open]")) return;
    field.value = "";
    delete field.dataset.moved;
    active = 0;
    byId("palette").showModal();
    field.focus();
    draw();
    byId("palette-load").click();
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#palette-open")) return open();
    const row = event.target.closest?.("#palette-list [role=option]");
    if (row) return choose(shown[Number(row.dataset.place)]);
    if (event.target.id === "palette") window.agency.close("palette"); // beside it
  });
  document.addEventListener("input", (event) => {
    if (event.target.id !== "palette-input") return;
    delete event.target.dataset.moved;
    draw();
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.id !== "palette-input" || event.isComposing) return;
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in steps && shown.length) {
      event.preventDefault();
      const step = steps[event.key];
      const next = active + step;
      active = Math.abs(step) === 1 ? (next + shown.length) % shown.length : Math.min(shown.length - 1, Math.max(0, next));
      event.target.dataset.moved = "yes";
      mark();
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(shown[active]);
    }
  });
  // What the server says of the list and of the line comes as attributes. What is done closes the palette in the same
  // turn as its toast appears: the next key belongs to the page.
  new MutationObserver(() => {
    if (parsed(commands()?.dataset.paletteLine, {}).done) window.agency.close("palette");
    else draw();
  }).observe(document.documentElement, { subtree: true, attributes: true, attributeFilter: ["data-palette-items", "data-palette-line"] });
})();
