// The week where there is no room for seven columns: one day as a list, with big targets and no gesture but a tap.
import { createElement as h, useSyncExternalStore } from "react";
import { Link } from "react-router";
import { hours, moon, padlock, platformBadge, wallTimeNow } from "./week_calendar.js";

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Whether a media query fits the window, now and whenever that changes. */
export function useMedia(query) {
  const subscribe = (changed) => {
    const media = window.matchMedia(query);
    media.addEventListener("change", changed);
    return () => media.removeEventListener("change", changed);
  };
  return useSyncExternalStore(subscribe, () => window.matchMedia(query).matches);
}

/** The list: takes the properties of the week calendar, and `day`, the ISO date that it shows. */
export function DayList(props) {
  const now = wallTimeNow(props.timeZone);
  const day = props.day || now.slice(0, 10);
  const rows = (props.events ?? []).filter((row) => row.start.slice(0, 10) === day).sort(byTime);
  const entries = rows.filter((row) => !row.routine);
  const seconds = props.dayTotals?.[day] ?? 0;
  const target = props.dayTargets?.[day] ?? 0;
  return h(
    "section",
    { className: "day", "aria-label": props.label || "Day", "data-day": day },
    h(
      "div",
      { className: "day-h" },
      to(plus(day, -1), { className: "icon-btn", "aria-label": "Previous day" }, arrow("M10 3.5 5.5 8 10 12.5")),
      h("h2", null, longDay(day), h("span", { className: "faint" }, target ? `${hours(seconds)} of ${hours(target)} h` : `${hours(seconds)} h`)),
      to(plus(day, 1), { className: "icon-btn", "aria-label": "Next day" }, arrow("M6 3.5 10.5 8 6 12.5")),
      day !== now.slice(0, 10) && to(now.slice(0, 10), { className: "btn btn-s" }, "Today"),
    ),
    h("nav", { className: "day-s", "aria-label": "Days of this week, with hours" }, weekOf(day, props.firstDay ?? 1).map((one) => stop(one, day, props.dayTotals ?? {}))),
    rows.length ? h("ul", { className: "day-l" }, rows.map((row) => (row.routine ? routine(row, props) : entry(row, props)))) : h("p", { className: "hint pad" }, "Nothing logged on this day. Write it in the line below, or add an entry."),
    h("button", { type: "button", className: "btn day-n", onClick: () => props.onSweep?.(...free(day, entries, now)) }, "New entry"),
  );
}

function entry(row, props) {
  const anyTime = row.start.length === 10;
  return h(
    "li",
    { key: row.id, className: `day-e ${row.colour || ""}` },
    h("span", { className: "day-t" }, anyTime ? "any time" : row.start.slice(11, 16), !anyTime && h("small", null, row.end.slice(11, 16))),
    h(
      "button",
      { type: "button", className: `day-b${row.locked ? " is-locked" : ""}`, "data-event-id": row.id, onClick: () => props.onOpen?.(row.id) },
      row.platform && platformBadge(row.platform),
      h("span", { className: "grow" }, h("b", { className: "trunc" }, row.client), h("span", { className: "trunc" }, row.activity)),
      row.overlap && h("span", { className: "wk-overlap", title: "Overlaps another entry", role: "img", "aria-label": "overlaps another entry" }, "⚠"),
      (row.goes_on || row.went_on) && moon(row),
      row.locked && padlock(),
      row.locked && h("span", { className: "vh" }, row.locked_note),
      h("strong", null, row.duration),
    ),
  );
}

function routine(row, props) {
  const name = `${row.activity}, ${row.client}, ${row.duration}`;
  const answer = (word) => () => props.onRoutine?.(row.routine, row.day, word);
  return h(
    "li",
    { key: row.id, className: `day-e ${row.colour || ""}`, "data-event-id": row.id },
    h("span", { className: "day-t" }, row.start.length === 10 ? "any time" : row.start.slice(11, 16)),
    h(
      "div",
      { className: "day-b is-asked" },
      row.platform && platformBadge(row.platform),
      h("span", { className: "grow" }, h("b", { className: "trunc" }, row.activity), h("span", { className: "trunc" }, `${row.client}, ${row.duration}`)),
      !row.to_come && h("button", { type: "button", className: "day-y", "aria-label": `Log ${name}`, onClick: answer("confirm") }, arrow("m3.3 8.5 3.2 3.2 6.2-7")),
      h("button", { type: "button", className: "icon-btn", "aria-label": `Skip ${name}`, onClick: answer("dismiss") }, arrow("m4 4 8 8M12 4l-8 8")),
    ),
  );
}

function stop(one, day, totals) {
  const seconds = totals[one] ?? 0;
  const name = `${longDay(one)}, ${hours(seconds)} h`;
  return to(
    one,
    { key: one, className: "day-d", "aria-label": name, "aria-current": one === day ? "date" : undefined },
    h("span", null, dayOf(one)[0]),
    h("b", null, Number(one.slice(8))),
    h("small", null, seconds ? hours(seconds, 1) : "–"),
  );
}

/** A link to a day; what else the address says stays. */
function to(day, attributes, ...content) {
  const query = new URLSearchParams(window.location.search);
  query.set("week", day);
  return h(Link, { to: `/?${query}`, ...attributes }, ...content);
}

/** A start and an end for a new entry: half an hour up to now, or after the day's last entry. */
function free(day, entries, now) {
  const ends = entries.map((row) => row.end).filter((end) => end.slice(0, 10) === day).sort();
  const quarter = `${now.slice(0, 14)}${String(Math.floor(Number(now.slice(14, 16)) / 15) * 15).padStart(2, "0")}:00`;
  const start = day === now.slice(0, 10) ? moved(quarter, -1800) : (ends.at(-1) ?? `${day}T09:00:00`);
  return [start.slice(0, 10) === day ? start : `${day}T00:00:00`, moved(start, 1800)];
}

function weekOf(day, firstDay) {
  const first = plus(day, -((new Date(`${day}T00:00:00Z`).getUTCDay() - firstDay + 7) % 7));
  return [0, 1, 2, 3, 4, 5, 6].map((place) => plus(first, place));
}

function byTime(one, other) {
  return one.start.localeCompare(other.start) || one.client.localeCompare(other.client);
}

function plus(day, days) {
  return moved(`${day}T00:00:00`, days * 86400).slice(0, 10);
}

function moved(wall, seconds) {
  return new Date(Date.parse(`${wall}Z`) + seconds * 1000).toISOString().slice(0, 19);
}

function dayOf(day) {
  return DAYS[new Date(`${day}T00:00:00Z`).getUTCDay()];
}

function longDay(day) {
  return `${dayOf(day).slice(0, 3)} ${Number(day.slice(8))} ${MONTHS[Number(day.slice(5, 7)) - 1]}`;
}

function arrow(drawing) {
  return h("svg", { className: "i", viewBox: "0 0 16 16", "aria-hidden": true }, h("path", { d: drawing }));
}
