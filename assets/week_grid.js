// The week as a grid: a row for each kind of work, a column for each day, a field in each cell. What is typed is sent when
// the hand leaves the cell or presses Enter; what the server refuses is said beneath the row, and stays in its cell.
import { createElement as h, Fragment, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";

const TODAY = 1, DAY_OFF = 2, SHORT = 4; // flags of a day, as in states/grid_view.py
const MILLISECONDS_TO_ANSWER = 12000;
const HINT = "Type 1:30, 1.5, 90m or 1,5; +0:30 adds an entry. Click a cell, or press Enter on it, for what is in it.";

/** Properties: grid (GridView of states/grid_view.py), answers; onPut, onOpen, onNew, onDropRow. */
export function WeekGrid(props) {
  const grid = useMemo(() => unpacked(props.grid), [props.grid]);
  const [, redraw] = useReducer((count) => count + 1, 0);
  const [at, setAt] = useState(""); // the cell that had the focus last: the bar tells of it
  const hand = useRef(null);
  hand.current ??= { drafts: new Map(), last: 0, wanted: "", frame: null };
  Object.assign(hand.current, { props, grid, redraw, setAt });
  const own = hand.current;

  useLayoutEffect(() => settle(own), [props.answers]);
  useEffect(() => {
    window.agencyGrid = { focus: (row) => ((own.wanted = row), reach(own)) };
    return () => delete window.agencyGrid;
  }, []);
  useEffect(() => reach(own), [grid]);
  useLayoutEffect(() => {
    const held = document.activeElement;
    if (held?.dataset.cell && "idle" in held.dataset) held.select(); // what is typed next replaces what the cell shows by now
  });

  return h(
    "section",
    { className: "wg", "aria-label": "Week grid", ref: (element) => (own.frame = element) },
    h(
      "div",
      { className: "wg-x" },
      h("table", { className: "wg-t" }, h("caption", { className: "vh" }, "Time by row and day"), head(grid), h("tbody", null, grid.rows.length ? grid.rows.map((row) => line(own, row)) : nothing(grid)), foot(grid)),
    ),
    bar(own, grid.cells.get(at)),
  );
}

// ---- what is drawn -------------------------------------------------------------------------------------------------

function head(grid) {
  const column = (day) =>
    h(
      "th",
      { key: day.iso, scope: "col", className: `wg-d${dayClass(day)}`, "aria-current": day.flags & TODAY ? "date" : undefined },
      day.name,
      " ",
      h("b", null, day.number),
      Boolean(day.flags & TODAY) && h("span", { className: "vh" }, ", today"),
    );
  return h("thead", null, h("tr", null, h("th", { scope: "col", className: "wg-r" }, "Client, activity, campaign"), grid.days.map(column), h("th", { scope: "col", className: "wg-s" }, "Week"), h("th", { className: "wg-z" }, h("span", { className: "vh" }, "Remove"))));
}

function line(own, row) {
  const faults = row.cells.map((cell) => [cell, own.drafts.get(cell.key)?.fault]).filter(([, fault]) => fault);
  return h(
    Fragment,
    { key: row.key },
    h(
      "tr",
      { "data-row": row.key, className: row.colour },
      h(
        "th",
        { scope: "row", className: "wg-r" },
        h("span", { className: "dot" }),
        h("span", { className: "wg-w" }, h("b", { className: "trunc", title: row.client }, row.client), h("span", { className: "trunc", title: row.about }, row.about), !row.billable && h("span", { className: "chip" }, "not billable")),
      ),
      row.cells.map((cell) => h("td", { key: cell.key, className: `wg-d${dayClass(cell.day)}` }, field(own, cell))),
      h("td", { className: "wg-s num" }, row.total),
      h("td", { className: "wg-z" }, !row.total && h("button", { type: "button", className: "icon-btn", "aria-label": `Remove ${row.name}`, title: "Remove this row", onClick: () => own.props.onDropRow?.(row.id) }, drawing("m4 4 8 8M12 4l-8 8"))),
    ),
    faults.length > 0 && h("tr", { className: "wg-f" }, h("td", { colSpan: row.cells.length + 3 }, faults.map(([cell, fault]) => h("p", { key: cell.key, id: `fault-${cell.key}`, role: "alert" }, drawing("M8 6.2v3.4M8 11.4v.1M8 2.5 14 13H2Z"), h("span", null, h("b", null, cell.day.words), " ", fault))))),
  );
}

function field(own, cell) {
  const draft = own.drafts.get(cell.key);
  const several = cell.entries.length > 1;
  const state = draft?.fault ? " is-bad" : draft?.number ? " is-sent" : "";
  return h(
    "div",
    { className: `wg-c${cell.lock ? " is-locked" : ""}${several ? " is-several" : ""}${state}` },
    h("input", {
      "data-cell": cell.key,
      "data-idle": draft ? undefined : "", // single keys are keys while nothing is typed (keyboard.js)
      value: draft ? draft.text : cell.text,
      readOnly: Boolean(cell.lock),
      "aria-label": [cell.row.name, cell.day.words, several && `${cell.entries.length} entries`, cell.lock && `locked: ${cell.lock}`].filter(Boolean).join(", "),
      "aria-invalid": draft?.fault ? true : undefined,
      "aria-describedby": draft?.fault ? `fault-${cell.key}` : undefined,
      title: cell.lock || undefined,
      autoComplete: "off",
      enterKeyHint: "next",
      maxLength: 40,
      onChange: (event) => typed(own, cell, event.target.value),
      onKeyDown: (event) => pressed(own, cell, event),
      onFocus: (event) => (own.setAt(cell.key), event.target.select()),
      onClick: (event) => own.drafts.has(cell.key) || event.target.select(),
      onBlur: () => send(own, cell, false),
    }),
    several && h("span", { className: "wg-n", "aria-hidden": true }, cell.entries.length),
    Boolean(cell.lock) && padlock(),
  );
}

function foot(grid) {
  const total = (day) => h("td", { key: day.iso, className: `wg-d num${dayClass(day)}${day.flags & SHORT ? " is-less" : ""}` }, h("b", day.total ? null : { className: "none" }, day.total || "–"), Boolean(day.target) && h("span", { className: "faint" }, `of ${day.target}`));
  return h("tfoot", null, h("tr", null, h("th", { scope: "row", className: "wg-r" }, "Total"), grid.days.map(total), h("td", { className: "wg-s num" }, h("b", { id: "grid-total" }, grid.total), Boolean(grid.target) && h("span", { className: "faint" }, grid.target)), h("td", { className: "wg-z" })));
}

function nothing(grid) {
  return h("tr", { className: "wg-e" }, h("td", { colSpan: grid.days.length + 3 }, h("b", null, "Nothing in this week yet."), " Add a row, or copy last week's."));
}

/** What is in the cell that has the focus: each entry opens, and a new one can be given a note or a time of day. */
function bar(own, cell) {
  const escape = (event) => event.key === "Escape" && cell && (event.preventDefault(), focus(own, cell.key));
  return h(
    "div",
    { className: "wg-b", role: "group", "aria-label": "What is in the cell", onKeyDown: escape },
    !cell && h("p", { className: "faint" }, HINT),
    cell && h("p", { className: "wg-h" }, h("b", null, cell.day.words), h("span", { className: "trunc" }, cell.row.name)),
    cell?.entries.map((entry) =>
      h(
        "button",
        { key: entry.id, type: "button", className: "btn btn-s wg-o", "data-entry": entry.id, onClick: () => own.props.onOpen?.(entry.id), title: entry.words || "Open this entry" },
        Boolean(entry.lock) && padlock(),
        h("b", null, entry.duration),
        h("span", { className: "faint" }, entry.clock || "any time"),
        Boolean(entry.words) && h("span", { className: "trunc" }, entry.words),
        Boolean(entry.lock) && h("span", { className: "vh" }, entry.lock),
      ),
    ),
    cell && !cell.lock && h("button", { type: "button", className: "btn btn-s btn-ghost wg-new", onClick: () => own.props.onNew?.({ row: cell.row.id, day: cell.day.iso }) }, drawing("M8 3v10M3 8h10"), "New entry"),
    Boolean(cell?.lock) && h("span", { className: "chip" }, padlock(), cell.lock),
  );
}

function dayClass(day) {
  return (day.flags & TODAY ? " is-today" : "") + (day.flags & DAY_OFF ? " is-off" : "");
}

function padlock() {
  const lines = '<rect x="3.5" y="7" width="9" height="6.5" rx="1.5"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>';
  return h("svg", { className: "i i-xs wg-l", viewBox: "0 0 16 16", "aria-hidden": true, dangerouslySetInnerHTML: { __html: lines } });
}

function drawing(path) {
  return h("svg", { className: "i i-s", viewBox: "0 0 16 16", "aria-hidden": true }, h("path", { d: path }));
}

// ---- typing: a draft is what a cell holds that the server has not answered yet -----------------------------------------

function typed(own, cell, text) {
  const draft = own.drafts.get(cell.key) ?? { seen: versions(cell), number: 0 };
  own.drafts.set(cell.key, { ...draft, text, fault: "", again: false });
  own.redraw();
}

/** Send what is typed. One that was refused is sent again when it is asked for, or changed. True where it goes out. */
function send(own, cell, asked) {
  const draft = own.drafts.get(cell.key);
  if (!draft || (draft.fault && !asked)) return false;
  if (draft.number) {
    draft.again = draft.text !== draft.sent; // once the server has answered what went before
    return true;
  }
  if (!draft.fault && draft.text.trim() === cell.text) {
    own.drafts.delete(cell.key);
    own.redraw();
    return false;
  }
  const number = (own.last = Math.max(Date.now(), own.last + 1));
  const seen = draft.seen ?? versions(cell);
  const sent_as = (draft.text === draft.sent && draft.sent_as) || name(number); // the same once more, where no answer came
  own.drafts.set(cell.key, { text: draft.text, sent: draft.text, sent_as, seen, number, fault: "" });
  own.props.onPut?.({ number, sent_as, row: cell.row.id, day: cell.day.iso, text: draft.text, seen });
  setTimeout(() => unanswered(own, cell.key, number), MILLISECONDS_TO_ANSWER);
  own.redraw();
  return true;
}

/** A name of 32 hex digits for what is sent, by which the server knows it when it comes a second time. */
function name(millisecond) {
  const chance = crypto.getRandomValues(new Uint8Array(10));
  return millisecond.toString(16).padStart(12, "0") + [...chance].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The server has answered, late perhaps: what it took is in the week by now, what it refused stays with the reason. */
function settle(own) {
  for (const [key, draft] of [...own.drafts]) {
    const fault = own.props.answers?.[draft.number || draft.late];
    if (fault === undefined) continue;
    const cell = own.grid.cells.get(key);
    if (draft.text !== draft.sent) own.drafts.set(key, { ...draft, number: 0, late: 0, sent_as: "", seen: cell ? versions(cell) : {} }); // typed on since
    else if (fault) own.drafts.set(key, { ...draft, number: 0, late: 0, seen: null, fault });
    else own.drafts.delete(key);
    if (draft.again && cell) send(own, cell, false);
  }
  own.redraw();
}

function unanswered(own, key, number) {
  const draft = own.drafts.get(key);
  if (draft?.number !== number) return;
  own.drafts.set(key, { ...draft, number: 0, late: number, seen: null, fault: "No answer from the server yet. Enter tries again." });
  own.redraw();
}

function versions(cell) {
  return Object.fromEntries(cell.entries.map((entry) => [entry.id, entry.version]));
}

// ---- keys ------------------------------------------------------------------------------------------------------------

function pressed(own, cell, event) {
  if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  const { selectionStart: start, selectionEnd: end, value } = event.target;
  const idle = !own.drafts.has(cell.key);
  const go = (down, right) => step(own, cell, down, right) && event.preventDefault();
  if (event.key === "ArrowUp") go(-1, 0);
  else if (event.key === "ArrowDown") go(1, 0);
  else if (event.key === "ArrowLeft" && !event.shiftKey && (idle || end === 0)) go(0, -1);
  else if (event.key === "ArrowRight" && !event.shiftKey && (idle || start === value.length)) go(0, 1);
  else if (event.key === "Home" && idle) go(0, -7);
  else if (event.key === "End" && idle) go(0, 7);
  else if (event.key === "Enter") {
    event.preventDefault();
    const refused = own.drafts.get(cell.key)?.fault;
    if (send(own, cell, true)) refused || step(own, cell, event.shiftKey ? -1 : 1, 0);
    else own.frame?.querySelector(".wg-b button")?.focus();
  } else if (event.key === "Escape") {
    const draft = own.drafts.get(cell.key);
    if (!draft) event.target.blur();
    else if (!draft.number) {
      own.drafts.delete(cell.key);
      own.redraw();
    }
  }
}

/** Go to the cell so many rows down and days to the right, as far as there are any. */
function step(own, cell, down, right) {
  const { rows } = own.grid;
  const row = rows[rows.findIndex((one) => one.key === cell.row.key) + down];
  const place = Math.max(0, Math.min(cell.place + right, cell.row.cells.length - 1));
  const there = row?.cells[place];
  if (!there || there.key === cell.key) return false;
  focus(own, there.key);
  return true;
}

function focus(own, key) {
  const element = own.frame?.querySelector(`[data-cell="${key}"]`);
  element?.focus({ preventScroll: true });
  element?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return Boolean(element);
}

/** Go to the row that was just added, once it is there: to today's cell, or the week's first. */
function reach(own) {
  const row = own.wanted && own.grid.rows.find((one) => one.key === own.wanted);
  if (!row) return;
  own.wanted = "";
  const open = row.cells.filter((cell) => !cell.lock);
  focus(own, (row.cells.find((cell) => cell.day.flags & TODAY && !cell.lock) ?? open[0] ?? row.cells[0]).key);
}

// ---- what travels (states/grid_view.py) --------------------------------------------------------------------------------

function unpacked(view) {
  const days = (view?.days ?? []).map(([iso, name, number, total, target, flags]) => ({ iso, name, number, total, target, flags, words: `${name} ${number}` }));
  const lock = (place) => (place ? view.locks[place - 1] : "");
  const cells = new Map();
  const rows = (view?.rows ?? []).map(([client, campaign, activity, billable, total, held]) => {
    const [clientId, clientName, colour] = view.clients[client];
    const [activityId, activityName] = view.activities[activity];
    const [campaignId, campaignName] = campaign < 0 ? ["", ""] : view.campaigns[campaign];
    const about = [activityName, campaignName].filter(Boolean).join(", ");
    const row = { key: `${clientId}.${campaignId}.${activityId}.${billable}`, id: { client: clientId, campaign: campaignId, activity: activityId, billable: Boolean(billable) }, client: clientName, colour, about, name: `${clientName}, ${about}${billable ? "" : ", not billable"}`, billable, total };
    row.cells = held.map((cell, place) => {
      const [text, locked, entries] = cell || ["", 0, []];
      const one = { key: `${row.key}@${days[place].iso}`, row, day: days[place], place, text, lock: lock(locked), entries: entries.map(([id, version, clock = "", words = "", duration = text, closed = 0]) => ({ id, version, clock: clock.replace("-", "–"), words, duration: duration || text, lock: lock(closed) })) };
      cells.set(one.key, one);
      return one;
    });
    return row;
  });
  return { days, rows, cells, total: view?.total ?? "", target: view?.target ?? "" };
}
