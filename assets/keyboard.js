/* Single keys, chords and the selection. The browser moves the focus and presses buttons that are on the page; what a
   key does to data, the server decides. The list of keys is in ui/components/keys.py. */
(() => {
  const byId = (id) => document.getElementById(id);
  const CHORDS = { w: "/", g: "/grid", c: "/capture", r: "/retainers", i: "/invoices" };
  const CHORD_MS = 1500;
  let chordUntil = 0;
  let selected = ""; // the entry that was selected last: its block is drawn anew when it moves

  // A cell of the week grid in which nothing is typed yet takes single keys; digits, signs and units begin to type.
  const typing = (target) => (target.closest?.("input, textarea, select, [contenteditable]") && !target.closest("[data-cell][data-idle]")) || document.querySelector("dialog[open]");
  const singleKeys = () => byId("commands")?.dataset.singleKeys !== "off";
  const onWeek = () => document.querySelector(".wk");

  function press(selector) {
    const button = document.querySelector(selector);
    button?.click();
    return Boolean(button);
  }

  /** Tell the server what a key asks of the week. */
  function tell(command, entry = "") {
    const form = byId("week-keys");
    if (!form || !onWeek()) return false;
    form.elements.entry.value = entry;
    form.elements.command.value = command;
    form.requestSubmit();
    return true;
  }

  // ---- the selection is the focus --------------------------------------------------------------------------------

  const block = () => document.activeElement?.closest?.("[data-event-id]");
  const card = () => document.activeElement?.closest?.("[data-task]");

  /** Entries by day and time, after the tasks that wait in the Inbox. */
  function selectable() {
    const cards = [...document.querySelectorAll(".pc[data-task], [data-selectable]")];
    const blocks = [...document.querySelectorAll(".wk [data-event-id]")].map((element) => {
      const lane = element.closest(".wk-lane")?.getBoundingClientRect();
      const box = element.getBoundingClientRect();
      return { element, day: Math.round(lane?.left ?? box.left), top: Math.round(box.top), left: box.left };
    });
    blocks.sort((one, other) => one.day - other.day || one.top - other.top || one.left - other.left);
    return [...cards, ...blocks.map((one) => one.element)].filter((element) => element.getClientRects().length);
  }

  function select(step) {
    const all = selectable();
    if (!all.length) return false;
    const at = all.indexOf(block() ?? card());
    const known = at < 0 && selected ? all.findIndex((element) => element.dataset.eventId === selected) : at;
    const first = Math.max(0, all.findIndex((element) => element.closest(".is-today")), all.findIndex((element) => element.dataset.eventId));
    const next = known < 0 ? first : Math.min(all.length - 1, Math.max(0, known + step));
    all[next].focus({ preventScroll: true });
    all[next].scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  document.addEventListener("focusin", () => {
    const focused = block();
    if (focused) selected = focused.dataset.eventId;
  });

  // ---- keys ------------------------------------------------------------------------------------------------------

  function keyOf(element) {
    try {
      return JSON.parse(element.dataset.task).key;
    } catch {
      return "";
    }
  }

  function undo() {
    const shown = [...document.querySelectorAll(".toast button")].filter((button) => button.querySelector(".kbd"));
    const other = shown.find((button) => !button.dataset.change); // a page's own kind of undo, such as a draft's
    const mine = shown.find((button) => button.dataset.change === "undo" && button.checkVisibility({ visibilityProperty: true }));
    (other ?? mine ?? byId("undo-last"))?.click();
    return true;
  }

  const KEYS = {
    j: () => select(1),
    k: () => select(-1),
    n: () => (onWeek() ? tell("new", block()?.dataset.eventId) : press("#grid-add")),
    s: () => block() && !block().dataset.eventId.startsWith("routine:") && tell("split", block().dataset.eventId),
    d: () => block() && tell("duplicate", block().dataset.eventId),
    e: () => (block() ? (block().click(), true) : card() && tell(`ask:${keyOf(card())}`)),
    a: () => card()?.matches(".pc") && tell(`place:${keyOf(card())}`),
    x: () => {
      const dismiss = card()?.matches(".pc") && card().querySelector('[aria-label="Dismiss"]');
      dismiss?.click();
      return Boolean(dismiss);
    },
    t: () => press("#timer-toggle"),
    z: undo,
    Z: () => press("#redo-last"),
    l: () => {
      if (!byId("quick-line")) return press("#palette-open");
      byId("quick-line").focus();
      return true;
    },
    v: () => press("details.chart-data > summary, a.days-l"),
    g: () => {
      chordUntil = Date.now() + CHORD_MS;
      return true;
    },
    "?": () => press("#keys-open"),
  };
  for (const digit of [1, 2, 3, 4]) {
    KEYS[digit] = () => {
      const row = document.querySelectorAll(".tks [data-task]")[digit - 1];
      return Boolean(row) && tell(`place:${keyOf(row)}`, block()?.dataset.eventId);
    };
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.defaultPrevented) return;
    if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      press("#palette-open");
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const own = event.target.matches?.(".pc[data-task], .tk[data-task]") ? event.target : null;
    if (own && event.key === "Enter") {
      event.preventDefault();
      tell(`ask:${keyOf(own)}`);
      return;
    }
    if (event.key === "Escape") return (block() ?? own)?.blur();
    if (!singleKeys()) return;
    const key = event.key === "z" || event.key === "Z" ? (event.shiftKey ? "Z" : "z") : event.key.length === 1 ? event.key.toLowerCase() : "";
    const chord = Date.now() < chordUntil ? CHORDS[key] : "";
    chordUntil = 0;
    const done = chord ? press(`.nav a[href="${chord}"], #commands a[href="${chord}"]`) : KEYS[key]?.();
    if (done) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const asks = event.target.closest?.("[data-places]");
    if (asks) tell(`ask:${asks.dataset.places}`);
  });
})();
