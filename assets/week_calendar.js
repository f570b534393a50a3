// The week calendar: FullCalendar in the clothes of this product, with the consequence of a gesture shown at the pointer.
// Times that enter and leave are wall times without offset ("2026-11-17T21:00:00") of the member's zone; the calendar
// itself runs in UTC, so that the zone of the browser never matters.
import { createContext, createElement as h, useCallback, useContext, useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from "react";
import { flushSync } from "react-dom";
import FullCalendar from "@fullcalendar/react";
import interactionPlugin, { Draggable } from "@fullcalendar/react/interaction";
import timeGridPlugin from "@fullcalendar/react/timegrid";
import "@fullcalendar/react/skeleton.css";
import { DayList, useMedia } from "./day_list.js";

const PLUGINS = [timeGridPlugin, interactionPlugin];
const DAY_NAMES = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const LONG_DAY_NAMES = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const MONTH_NAMES = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
// Functions, not options of Intl: FullCalendar would make a formatter anew for each hour, at each drawing.
const HOUR_LABELS = ({ date }) => `${twoDigits(date.hour)}:${twoDigits(date.minute)}`;
const UNUSED_LABEL = () => "";
const COMMANDS = {
  ArrowUp: "earlier",
  ArrowDown: "later",
  ArrowLeft: "day_before",
  ArrowRight: "day_after",
  "Shift+ArrowUp": "shorter",
  "Shift+ArrowDown": "longer",
  Delete: "delete",
  Backspace: "delete",
};
const PIXELS_PER_HOUR = 51; // --hour-h of tokens.css
const SECONDS_OF_TWO_LINES = 2400; // a shorter block has the height of one
const SECONDS_UNTIL_A_DROP_IS_FORGOTTEN = 8;
const SECONDS_OF = { earlier: -900, later: 900, day_before: -86400, day_after: 86400 }; // what keys do to a selection
const EDGE_PIXELS = 28;
const MILLISECONDS_AT_THE_EDGE = 700; // of holding something there before the week turns
const HOLD_MILLISECONDS = 350; // of a finger on a block, until it is picked up
const CHOSEN = "chosen"; // FullCalendar drags events of one group together
const NOBODY = new Set();
const NARROW = "(max-width: 640px)"; // as in app.css
const ROOM_FOR_SEVEN = "(min-width: 1101px)"; // below it an empty weekend leaves its room to the five days

export function WeekCalendar(props) {
  const events = useMemo(() => unpacked(props.events), [props.events]);
  return h(useMedia(NARROW) ? DayList : SevenDays, { ...props, events });
}

function SevenDays(props) {
  const calendar = useRef(null);
  const frame = useRef(null);
  const current = useRef(props);
  current.current = props;
  const [chosen, setChosen] = useState(NOBODY);
  const events = useMemo(() => props.events.map((row) => asEvent(row, chosen)), [props.events, chosen]);
  const drawn = useRef(events);
  const api = () => calendar.current?.getApi();
  current.current.chosen = chosen;
  current.current.choose = setChosen;
  current.current.redraw = () => putEvents(api(), drawn, events);
  const now = useCallback(() => wallTimeNow(current.current.timeZone), []); // FullCalendar keeps the first one it is given
  const day = (props.date || "").slice(0, 10);
  const view = viewOf(props);
  const roomy = useMedia(ROOM_FOR_SEVEN);
  const weekends = roomy || isWeekend(now()) || events.some((event) => isWeekend(event.start) || isWeekend(event.end || event.start));
  const allDaySlot = events.some((event) => event.allDay);
  const columns = useRef(null);
  if (!columns.current || !gesture) columns.current = { weekends, allDaySlot }; // none comes or goes under a hand
  const [, settle] = useReducer((times) => times + 1, 0);
  current.current.settle = settle;
  const days = useMemo(() => ({ totals: props.dayTotals ?? {}, targets: props.dayTargets ?? {}, now }), [props.dayTotals, props.dayTargets, props.timeZone]);
  const opened = useRef(false);

  useEffect(() => gestures(frame.current, api, current), []);
  useEffect(() => {
    if (api() && day && api().formatIso(api().getDate(), true).slice(0, 10) !== day) api().gotoDate(day);
  }, [day]);
  useEffect(() => {
    if (api() && api().view.type !== view) api().changeView(view);
  }, [view]);
  useEffect(() => {
    if (opened.current || !props.scrollTime) return;
    opened.current = true;
    api().scrollToTime(props.scrollTime);
  }, [props.scrollTime]);
  useEffect(() => {
    for (const look of api().getCurrentData().nowManager.resetListeners) look(); // the line of now does not wait for the next minute
  }, [props.timeZone]);
  // What is gone, or locked by now, is not selected any more.
  useEffect(() => {
    const there = new Set((props.events ?? []).filter(isMovable).map((row) => row.id));
    setChosen((before) => ([...before].every((id) => there.has(id)) ? before : new Set([...before].filter((id) => there.has(id)))));
  }, [props.events]);
  // The server has spoken: its list replaces what was drawn in advance, and the keyboard stays where it was.
  useLayoutEffect(() => {
    forgetDrops();
    if (drawn.current !== events) putEvents(api(), drawn, events);
    if (gesture?.to) followList(props.events);
    if (keyboardAt && keyboardIsFree()) focusEvent(frame.current, keyboardAt);
  }, [events]);

  // Options that stay the same objects: any other makes FullCalendar draw the whole week anew, and lose a drag under way.
  const options = useMemo(
    () => ({ ...columns.current, ...optionsOf(current, api, now) }),
    [columns.current.weekends, columns.current.allDaySlot, props.snapDuration, props.firstDay, props.editable, props.selectable, props.eventInteractive],
  );
  const week = useMemo(() => h(FullCalendar, { ref: calendar, events: drawn.current, ...options }), [options]);

  return h(
    "div",
    {
      ref: frame,
      id: props.id,
      className: "wk " + (props.className ?? ""),
      role: "region",
      "aria-label": props.label || "Week",
      "data-day": day,
      onKeyDown: (pressed) => onKey(pressed, current.current),
      onKeyDownCapture: (pressed) => onSelectionKey(pressed, current.current),
    },
    chosen.size > 0 && chosenBar(current.current),
    h(Days.Provider, { value: days }, week),
  );
}

/** What FullCalendar is told once; what happens later is asked of ``current``, the newest properties. */
function optionsOf(current, api, now) {
  const props = current.current;
  const snap = props.snapDuration || "00:15:00";
  const redraw = () => current.current.redraw();
  return {
    plugins: PLUGINS,
    initialView: viewOf(props),
    initialDate: (props.date || "").slice(0, 10) || undefined,
    timeZone: "UTC",
    now,
    firstDay: props.firstDay ?? 1,
    editable: props.editable ?? true,
    selectable: props.selectable ?? true,
    eventInteractive: props.eventInteractive ?? true,
    eventResizableFromStart: true,
    droppable: props.editable ?? true,
    allDayHeaderContent: () => "any time",
    allDayHeaderClass: "wk-hour",
    allDayHeaderInnerClass: "wk-anytime",
    allDayDividerClass: "wk-divider",
    dayMaxEventRows: 4,
    moreLinkClass: "wk-more",
    moreLinkContent: (info) => `${info.num} more`,
    popoverClass: "wk-popover",
    popoverCloseContent: () => "×",
    headerToolbar: false,
    height: "100%",
    nowIndicator: true,
    scrollTime: props.scrollTime || "07:45:00",
    scrollTimeReset: false,
    // One slot a snap: with larger slots FullCalendar shifts a block by up to one snap, depending on where it was held.
    slotDuration: snap,
    snapDuration: snap,
    slotMinHeight: (PIXELS_PER_HOUR * durationSeconds(snap)) / 3600,
    slotHeaderInterval: "01:00",
    slotHeaderFormat: HOUR_LABELS,
    eventTimeFormat: UNUSED_LABEL,
    titleFormat: UNUSED_LABEL,
    slotEventOverlap: false,
    eventOrder: "start,-duration,client",
    eventMinHeight: 12,
    eventShortHeight: 44,
    eventDragMinDistance: 4,
    selectMinDistance: 4,
    selectMirror: true,
    unselectAuto: true,
    longPressDelay: HOLD_MILLISECONDS,
    dragRevertDuration: 0,
    eventContent,
    eventClass,
    rowEventInnerClass: "wk-inner wk-short",
    columnEventBeforeClass: (info) => (info.isStartResizable && !info.isShort ? "wk-handle wk-handle-top" : ""),
    columnEventAfterClass: (info) => (info.isEndResizable ? "wk-handle wk-handle-bottom" : ""),
    columnEventInnerClass: (info) => "wk-inner" + (info.isShort ? " wk-short" : ""),
    dayHeaderContent: (info) => h(DayHead, { date: info.date.toISOString().slice(0, 10) }),
    dayHeaderClass: (info) => "wk-head" + dayClass(info),
    dayHeaderInnerClass: "wk-head-inner",
    dayHeaderRowClass: "wk-heads",
    dayLaneClass: (info) => "wk-lane" + dayClass(info),
    dayLaneInnerClass: "wk-lane-inner",
    slotLaneClass: (info) => `wk-slot wk-slot-at-${((info.time?.milliseconds ?? 0) / 60000) % 60}`,
    slotHeaderClass: "wk-hour",
    slotHeaderInnerClass: "wk-hour-inner",
    nowIndicatorLineClass: "wk-now",
    nowIndicatorDotClass: "wk-now-dot",
    highlightClass: "wk-highlight",
    eventDidMount: nameEvent,
    eventAllow: (span, event) => previewed(span, event),
    eventDragStart: (info) => beginGesture("move", info.event, current.current),
    eventDragStop: endGesture,
    eventResizeStart: (info) => beginGesture("resize", info.event, current.current),
    eventResizeStop: endGesture,
    eventDrop: (info) => {
      lastRevert = redraw;
      const { chosen, onShift, onMoveDay, onMove } = current.current;
      const { id } = info.event;
      const version = info.event.extendedProps.version ?? 0; // as it was picked up: what someone changed since is refused
      const shift = secondsBetween(spanOf(info.oldEvent).start, spanOf(info.event).start);
      const together = chosen.size > 1 && chosen.has(id);
      if (together || info.jsEvent?.altKey) {
        if (info.jsEvent?.altKey) redraw(); // what is copied stays where it is
        if (info.event.allDay !== info.oldEvent.allDay) return window.agency?.say("A copy keeps its time of day, or has none either. Let go of Alt to move it.");
        return onShift?.(together ? versionsOf(current.current, chosen) : { [id]: version }, shift, Boolean(info.jsEvent?.altKey));
      }
      if (info.event.allDay) return onMoveDay?.(id, version, info.event.startStr.slice(0, 10));
      if (info.oldEvent.allDay) info.event.setEnd(later(info.event.startStr, hintOfRow(current.current, id)?.duration ?? 3600));
      onMove?.(id, version, wall(info.event.startStr));
    },
    eventResize: (info) => {
      lastRevert = redraw;
      current.current.onResize?.(info.event.id, info.event.extendedProps.version ?? 0, wall(info.event.startStr), wall(info.event.endStr));
    },
    eventReceive: (info) => {
      if (sent?.answered) return info.event.remove(); // the server was faster than the calendar's own drawing
      rememberDrop(info.event);
      if (!sent) current.current.onExternalDrop?.(String(taskOf(info.draggedEl).key ?? ""), wall(info.event.startStr));
    },
    selectAllow: (info) => !info.allDay,
    select: (info) => {
      lastRevert = () => api()?.unselect();
      current.current.onSweep?.(wall(info.startStr), wall(info.endStr));
    },
    eventClick: (info) => {
      info.jsEvent.preventDefault();
      if (clickIsLeftOver || wasHeld()) return;
      if (info.jsEvent.shiftKey && !info.event.extendedProps.routine) toggle(current.current, info.event.id);
      else if (info.event.extendedProps.routine) answerRoutine(current.current, info.event.extendedProps, info.jsEvent.target.closest?.(".wk-skip") ? "dismiss" : "confirm");
      else {
        keyboardAt = info.event.id; // where the keyboard is once the form is closed
        info.el.focus({ preventScroll: true });
        current.current.onOpen?.(info.event.id);
      }
    },
  };
}

function viewOf(props) {
  return props.view || "timeGridWeek";
}

/** Give the calendar its list. What is as it was keeps its identity: only the blocks that changed are drawn anew.

    Not by the option `events`: a new option makes FullCalendar draw every slot, and takes a drag under way for one that
    comes from another calendar. These actions are what its own API is made of (7.1.4). */
function putEvents(api, drawn, events) {
  if (!api) return;
  const { dispatch, eventSources, eventStore: before } = api.getCurrentData();
  const [known, told] = [drawn.current, events].map((list) => new Map(list.map((event) => [event.id, JSON.stringify(event)])));
  drawn.current = events;
  dispatch({ type: "RESET_RAW_EVENTS", sourceId: Object.keys(eventSources)[0], rawEvents: events });
  const [defs, instances] = [{}, {}];
  const { eventStore } = api.getCurrentData();
  for (const [key, instance] of Object.entries(eventStore.instances)) {
    const [def, old] = [eventStore.defs[instance.defId], before.instances[key]];
    const was = old && before.defs[old.defId];
    const same = was?.allDay === def.allDay && sameRange(old.range, instance.range) && known.get(def.publicId) === told.get(def.publicId);
    instances[key] = same ? old : instance;
    defs[instance.defId] = same ? was : def;
  }
  dispatch({ type: "RESET_EVENTS", eventStore: { defs, instances } });
}

function sameRange(one, other) {
  return one.start.getTime() === other.start.getTime() && one.end.getTime() === other.end.getTime();
}

// ---- what a block shows ----------------------------------------------------------------------------------------

let hints = []; // what blocks and offers of the week foretell, told once and referred to by place

/** The blocks as flat rows; what they share may come in tables (states/packed_week.py). */
function unpacked(events) {
  if (!events?.rows) return events ?? [];
  hints = events.hints;
  return events.rows.map(([id, version, begins, seconds, kind, flags = 0, told = "", more = {}]) => {
    const start = typeof begins === "number" ? later(`${events.since}T00:00:00`, begins * 60) : begins;
    const [, routine, day] = id.startsWith("routine:") ? id.split(":") : [];
    const [client, activity, platform, colour, hint] = events.kinds[kind];
    const end = told || (start.length > 10 ? later(start, seconds) : ""); // over a change of the clocks it is told
    const shown = { client, activity, platform, colour, duration: prose(seconds), locked: Boolean(flags & 1), overlap: Boolean(flags & 2), ...(routine && { routine, day, fixed: true }), ...more };
    return { id, version, start, end, ...shown, hint: { ...hints[hint], duration: seconds } };
  });
}

function asEvent(row, chosen) {
  const { id, start, end, hint, ...shown } = row; // what it foretells is no part of what is drawn
  const allDay = start.length === 10; // "duration" and "overlap" mean other things to FullCalendar: keep ours apart
  const fixed = !isMovable(row);
  const grouped = chosen.has(id) && chosen.size > 1;
  const title = row.title ?? [row.client, row.activity].filter(Boolean).join(", ");
  return { id, start, end: end || undefined, allDay, title, extendedProps: { ...shown, chosen: chosen.has(id) }, ...(grouped ? { groupId: CHOSEN } : {}), ...(fixed ? { editable: false } : {}) };
}

function isMovable(row) {
  return !(row.locked || row.running || row.fixed);
}

function eventClass(info) {
  const e = info.event.extendedProps;
  return [
    "wk-event",
    e.colour || "",
    info.event.allDay && "is-anytime",
    e.locked && "is-locked",
    e.proposed && "is-proposed",
    e.chosen && "is-chosen",
    info.isSelected && "is-held", // by a finger: its edges can be pulled now
    e.routine && "is-routine",
    e.running && "is-running",
    e.overlap && "is-overlap",
    e.goes_on && "goes-on",
    e.went_on && "went-on",
    e.initials && "is-others",
    e.muted && "is-muted",
    e.pending && "is-pending",
    info.isMirror && "is-ghost",
    info.isDragging && "is-dragged",
    !e.client && info.isMirror && "is-sweep",
  ].filter(Boolean).join(" ");
}

function eventContent(info) {
  const e = info.event.extendedProps;
  const span = `${clock(info.event.startStr)}–${clock(info.event.endStr)}`;
  if (!e.client) return h("div", { className: "wk-1" }, h("b", null, span));
  if (e.proposed) return h("div", { className: "wk-proposed trunc" }, `${e.client}, ${e.duration}`);
  if (e.routine) return routineContent(e);
  const seconds = info.event.allDay ? 1800 : secondsBetween(info.event.startStr, info.event.endStr);
  const shown = info.isMirror && !info.event.allDay ? prose(seconds) : e.duration;
  const oneLine = !info.event.allDay && seconds < SECONDS_OF_TWO_LINES;
  const carried = info.isMirror && !info.event.allDay && gesture?.kind !== "resize"; // where it would be is the question
  const beside = carried ? clock(info.event.startStr) : info.isMirror ? shown : e.duration_short || shown;
  return h(
    "div",
    { className: "wk-body" + (seconds <= 1200 ? " wk-tiny" : ""), ref: (body) => nameEvent({ ...info, el: body?.closest(".wk-event") }) },
    h(
      "div",
      { className: "wk-1" },
      e.platform && platformBadge(e.platform),
      h("b", { className: "trunc" }, e.client),
      oneLine && !info.isMirror && h("span", { className: "wk-beside trunc" }, e.activity),
      (oneLine ? info.isMirror : info.isShort || info.event.allDay) && !e.locked && !e.running && h("span", { className: "wk-duration" }, beside),
      e.initials && h("span", { className: "wk-initials", title: e.member || e.initials }, e.initials),
      e.overlap && h("span", { className: "wk-overlap", title: "Overlaps another entry" }, "⚠"),
      (e.goes_on || e.went_on) && moon(e),
      e.locked && padlock(),
      e.running && h("span", { className: "wk-recording" }),
    ),
    !oneLine && h("div", { className: "wk-2 trunc" }, info.isMirror && !info.event.allDay ? span : e.activity), // held: where it would be
    !info.isShort && !info.event.allDay && h("div", { className: "wk-3" }, shown),
  );
}

// The cross is for the mouse alone: inside a button there can be no other; the keyboard has Delete.
function routineContent(e) {
  return h(
    "div",
    { className: "wk-1", title: `${e.to_come ? "Still to come" : "Click to log it"}: ${e.client}, ${e.activity}, ${e.duration}` },
    h("b", { className: "trunc" }, e.activity),
    h("span", { className: "wk-skip", "aria-hidden": true, title: "Not today" }, "×"),
  );
}

function answerRoutine(props, shown, answer) {
  props.onRoutine?.(shown.routine, shown.day, answer);
}

const Days = createContext({}); // what the heads show: {totals, targets: seconds by date, now}

function DayHead({ date }) {
  const { totals, targets, now } = useContext(Days);
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const seconds = totals[date] ?? 0;
  const target = targets[date] ?? 0;
  const missing = date < now().slice(0, 10) ? Math.max(0, target - seconds) : 0;
  const logged = seconds || target ? target ? `${hours(seconds)} / ${hours(target)} h` : `${hours(seconds, 1)} h` : "–";
  return h(
    "div",
    { className: "wk-head-text" },
    h("span", { className: "wk-day" }, `${DAY_NAMES[weekday]} `, h("b", null, Number(date.slice(8)))),
    h(
      "span",
      {
        className: `wk-total${missing ? " is-short" : ""}`,
        title: missing ? `${hours(missing)} h of ${LONG_DAY_NAMES[weekday]} is unaccounted for` : undefined,
        "data-seconds": seconds,
        "data-total-of": date,
      },
      logged,
    ),
    h("span", { className: "wk-total wk-preview", "data-preview-of": date, "aria-hidden": true }),
  );
}

function isWeekend(wallTime) {
  return [0, 6].includes(new Date(`${wallTime.slice(0, 10)}T00:00:00Z`).getUTCDay());
}

function dayClass(info) {
  const weekday = info.date.getUTCDay();
  return (weekday === 0 || weekday === 6 ? " is-weekend" : "") + (info.isToday ? " is-today" : "") + ` wk-on-${info.date.toISOString().slice(0, 10)}`;
}

function nameEvent(info) {
  const e = info.event.extendedProps;
  if (!info.el || info.isMirror || !info.event.id) return;
  const start = new Date(`${info.event.startStr.slice(0, 10)}T00:00:00Z`);
  const name = [
    e.client || info.event.title,
    e.activity,
    e.duration,
    `${DAY_NAMES[start.getUTCDay()]} ${start.getUTCDate()} ${MONTH_NAMES[start.getUTCMonth()]}` +
      (info.event.allDay ? "" : ` ${clock(info.event.startStr)} to ${clock(info.event.endStr)}`),
    e.member,
    e.chosen ? "selected" : "",
    e.locked ? e.locked_note || "locked" : "",
    e.overlap ? "overlaps another entry" : "",
    ...nightWords(e),
    e.proposed ? "proposed" : "",
    e.routine ? `routine, not logged; ${e.to_come ? "" : "Enter logs it, "}Delete skips it` : "",
  ].filter(Boolean).join(", ");
  info.el.dataset.eventId = info.event.id;
  info.el.setAttribute("aria-label", name);
  if (!e.locked && !e.running && !e.fixed) info.el.setAttribute("aria-keyshortcuts", "ArrowUp ArrowDown ArrowLeft ArrowRight Shift+ArrowUp Shift+ArrowDown Shift+Enter Delete");
  if (e.locked_note) info.el.title = e.locked_note;
  if (info.event.id === keyboardAt && keyboardIsFree()) info.el.focus(); // drawn in the week that it was moved to
}

const PLATFORMS = {
  meta: ["Meta", '<path d="M1.6 10.2C1.6 6.6 3.2 4 5.2 4c3.1 0 4.6 8 7.5 8 1.3 0 2-1 2-2.8C14.7 6.2 13.3 4 11.3 4 8.4 4 7 12 3.7 12c-1.4 0-2.1-.8-2.1-1.8Z" fill="none" stroke="currentColor" stroke-width="1.9"/>'],
  google: ["Google Ads", '<path d="M9.7 2.9 14.3 11a2 2 0 0 1-3.5 2L6.2 4.9a2 2 0 0 1 3.5-2Z" fill="currentColor"/><path d="M5.7 6.6 8 10.6l-1.3 2.3a2 2 0 0 1-3.5-2Z" fill="currentColor" opacity=".62"/>'],
  tiktok: ["TikTok", '<path d="M9 1.8v8.4a2.6 2.6 0 1 1-2.6-2.6M9 1.8c.3 2.1 1.7 3.5 3.9 3.7" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/>'],
  linkedin: ["LinkedIn", '<path d="M3.8 6.6v6M3.8 3.6v.1M7.3 12.6V6.6M7.3 9.4c0-1.7 1-2.8 2.5-2.8s2.4 1 2.4 2.7v3.3" fill="none" stroke="currentColor" stroke-width="2.1" stroke-linecap="round"/>'],
  call: ["Call", '<path d="M5.3 2.4 3.5 3c-.7.3-1.1 1-1 1.7.7 4.6 4.2 8.1 8.8 8.8.7.1 1.4-.3 1.7-1l.6-1.8-3-1.5-1.3 1.3C7.8 9.9 6.1 8.2 5.5 6.7l1.3-1.3Z" fill="currentColor"/>'],
  report: ["Report", '<path d="M3.5 12.8V8.5M8 12.8V3.2M12.5 12.8V6.2" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round"/>'],
};

export function platformBadge(platform) {
  const [name, drawing] = PLATFORMS[platform] ?? PLATFORMS.report;
  return h(
    "span",
    { className: `pf pf-${PLATFORMS[platform] ? platform : "report"}`, title: name, role: "img", "aria-label": name },
    h("svg", { viewBox: "0 0 16 16", "aria-hidden": true, dangerouslySetInnerHTML: { __html: drawing } }),
  );
}

/** The two halves of a night's work say so: the one goes on after midnight, the other went on from before. */
export function nightWords(e) {
  return [e.went_on && "goes on from before midnight", e.goes_on && "goes on after midnight"].filter(Boolean);
}

export function moon(e) {
  const name = nightWords(e).join(", ");
  const drawing = '<path d="M13 9.6A5.4 5.4 0 0 1 6.4 3a5.4 5.4 0 1 0 6.6 6.6Z"/>';
  return h("svg", { className: "i i-xs wk-night", viewBox: "0 0 16 16", role: "img", "aria-label": name, dangerouslySetInnerHTML: { __html: `<title>${name}</title>${drawing}` } });
}

export function padlock() {
  const drawing = '<rect x="3.5" y="7" width="9" height="6.5" rx="1.5"/><path d="M5.5 7V5a2.5 2.5 0 0 1 5 0v2"/>';
  return h("svg", { className: "i i-xs wk-lock", viewBox: "0 0 16 16", "aria-hidden": true, dangerouslySetInnerHTML: { __html: drawing } });
}

// ---- gestures: one at a time, in this tab; the server hears of each once, when it ends ---------------------------

let gesture = null; // {kind: "new" | "move" | "resize", hint, from: {start, end} | null, client}
let pressed = null; // the element outside the calendar that the pointer went down on
let lastRevert = null; // puts the last gesture back
let drops = []; // blocks drawn in advance of the server's answer
let sent = null; // the drop that was told to the server as the pointer went up, ahead of the calendar's own drawing
let keyboardAt = null; // id of the block that last took a key
let touchedAt = null; // when a finger last went down; null after a mouse
let clickIsLeftOver = false; // the click that ends a cancelled drag opens nothing

window.agencyCalendar = {
  /** Put the last gesture back: called by the server when the service refuses it. */
  revert() {
    lastRevert?.();
    lastRevert = null;
    forgetDrops();
  },
  /** Take away the placeholder of a sweep. */
  unselect() {
    for (const api of calendars) api()?.unselect();
  },
  /** Scroll to the wall times of an entry that was logged in this tab, where they are not on screen as it is. */
  show(id, start, end) {
    const lane = document.querySelector(".wk .wk-lane");
    if (!lane) showInList(id);
    else if (start) scrollToTimes(lane, start, end);
  },
  /** Move the keyboard to a block, also to one that is yet to be drawn. */
  focus(id) {
    keyboardAt = id;
    document.activeElement?.blur?.();
    focusEvent(document, id);
  },
};

/** By the times, not by the block: that may be drawn a moment later, or move. */
function scrollToTimes(lane, start, end) {
  const pane = scrollerOf(lane);
  if (!pane) return;
  const perSecond = lane.offsetHeight / 86400;
  const top = secondsBetween(`${start.slice(0, 10)}T00:00:00`, start) * perSecond;
  const bottom = Math.min(lane.offsetHeight, top + secondsBetween(start, end) * perSecond);
  const seen = pane.getBoundingClientRect();
  const at = lane.getBoundingClientRect().top - seen.top;
  if (at + top >= 0 && at + bottom <= pane.clientHeight) return;
  const above = bottom - top < pane.clientHeight / 2 ? pane.clientHeight / 3 : 12; // with the hours around it, where it fits
  scrollCalmly(pane, pane.scrollTop + at + top - above);
}

function scrollerOf(element) {
  for (let pane = element.parentElement; pane; pane = pane.parentElement) {
    if (pane.scrollHeight > pane.clientHeight && /auto|scroll/.test(getComputedStyle(pane).overflowY)) return pane;
  }
  return null;
}

function scrollCalmly(pane, top) {
  pane.scrollTo({ top, behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** The list of a day draws its rows at once, and the page is what scrolls. */
function showInList(id, until = Date.now() + 2000) {
  const row = document.querySelector(`.day [data-event-id="${CSS.escape(id)}"]`);
  if (!row) return Date.now() < until && setTimeout(() => showInList(id, until), 100);
  const box = row.getBoundingClientRect();
  const line = document.querySelector(".ql")?.getBoundingClientRect().top ?? window.innerHeight;
  if (box.top < 0 || box.bottom > line) scrollCalmly(document.scrollingElement, window.scrollY + box.top - window.innerHeight / 3);
}

const calendars = new Set();
const shown = new Set(); // the properties of each calendar on the page, as they are now
const shownRows = () => [...shown].flatMap((current) => current.current.events ?? []);

function gestures(frame, api, current) {
  calendars.add(api);
  shown.add(current);
  const outside = new Draggable(document.body, { itemSelector: "[data-task]", minDistance: 4, longPressDelay: HOLD_MILLISECONDS, eventData: blockOf });
  const down = (event) => {
    clickIsLeftOver = false;
    touchedAt = event.pointerType === "touch" ? event.timeStamp : null;
    pressed = event.target.closest?.("[data-task]") ?? null;
    topIsPulled = Boolean(event.target.closest?.(".wk-handle-top"));
    // One edge is pulled of one block: a selection would be pulled along.
    if (event.target.closest?.(".wk-handle") && current.current.chosen.size > 1) flushSync(() => current.current.choose(NOBODY));
  };
  const move = (event) => {
    pointerAt = event.pointerType === "mouse" ? [event.clientX, event.clientY] : null;
    if (!gesture) return;
    holdAlt(event.altKey);
    placeTip(frame, event.clientX, event.clientY);
    holdAtEdge(frame, current, event);
  };
  const up = () => {
    // The calendar draws a frame or two before it says that something was dropped; the server need not wait for that.
    const held = gesture?.kind === "new" && pressed && api()?.getCurrentData().eventDrag?.mutatedEvents.instances;
    const [block] = held ? Object.values(held) : []; // none where the calendar would not take it
    sent = block ? { answered: false } : null;
    if (block) current.current.onExternalDrop?.(String(taskOf(pressed).key ?? ""), block.range.start.toISOString().slice(0, 19));
    setTimeout(endGesture, 0);
  };
  const alt = (event) => {
    if (event.key !== "Alt" || !gesture) return;
    event.preventDefault(); // or the browser's menu takes the keyboard
    holdAlt(event.type === "keydown");
  };
  const key = (event) => {
    if (event.key === "Escape" && !gesture && current.current.chosen.size && !document.querySelector("dialog[open], .is-sweep")) return current.current.choose(NOBODY);
    if (event.key !== "Escape" || !(gesture || document.querySelector(".is-sweep"))) return;
    if (!document.querySelector("dialog[open]")) {
      event.preventDefault();
      event.stopPropagation();
    } // else the form of what was swept closes by the same key
    cancelGesture();
  };
  window.addEventListener("pointerdown", down, true);
  window.addEventListener("pointermove", move, true);
  window.addEventListener("mousemove", stopAtOtherEdge, true);
  frame.addEventListener("scroll", moveWithScroll, true);
  window.addEventListener("pointerup", up, true);
  window.addEventListener("keydown", key, true);
  window.addEventListener("keydown", alt, true);
  window.addEventListener("keyup", alt, true);
  return () => {
    calendars.delete(api);
    shown.delete(current);
    outside.destroy();
    endGesture();
    window.removeEventListener("pointerdown", down, true);
    window.removeEventListener("pointermove", move, true);
    window.removeEventListener("mousemove", stopAtOtherEdge, true);
    frame.removeEventListener("scroll", moveWithScroll, true);
    window.removeEventListener("pointerup", up, true);
    window.removeEventListener("keydown", key, true);
    window.removeEventListener("keydown", alt, true);
    window.removeEventListener("keyup", alt, true);
  };
}

let pointerAt = null; // the mouse's latest move
let topIsPulled = false; // the upper edge of a block, not the lower one

/** An edge pulled past the other one stops a snap before it. FullCalendar would put the block back as it was. */
function stopAtOtherEdge(event) {
  if (gesture?.kind !== "resize" || !event.isTrusted) return;
  const [x, y] = withinOtherEdge(event.clientX, event.clientY);
  if (x === event.clientX && y === event.clientY) return;
  event.stopImmediatePropagation();
  mimicMove(x, y);
}

function withinOtherEdge(x, y) {
  const fixed = topIsPulled ? gesture.from.end : gesture.from.start;
  const midnight = `${fixed.slice(0, 10)}T00:00:00`;
  const lane = document.querySelector(`.wk-lane.wk-on-${fixed.slice(0, 10)}`)?.getBoundingClientRect();
  if (!lane || gesture.anyTime) return [x, y];
  const line = lane.top + (lane.height * secondsBetween(midnight, fixed)) / 86400;
  const inLane = x >= lane.left && x < lane.right;
  const past = topIsPulled ? x >= lane.right || (inLane && y > line - 1) : x < lane.left || (inLane && y < line + 1);
  return past ? [inLane ? x : lane.left + lane.width / 2, topIsPulled ? line - 1 : line + 1] : [x, y];
}

/** What is held stays under the mouse when the wheel turns the hours below it: once FullCalendar knows of the turn. */
function moveWithScroll() {
  requestAnimationFrame(() => {
    if (gesture && pointerAt) mimicMove(...(gesture.kind === "resize" ? withinOtherEdge(...pointerAt) : pointerAt));
  });
}

function mimicMove(clientX, clientY) {
  document.dispatchEvent(new MouseEvent("mousemove", { bubbles: true, cancelable: true, clientX, clientY }));
}

function taskOf(element) {
  try {
    const task = JSON.parse(element.dataset.task);
    if (typeof task.hint === "number") task.hint = { ...hints[task.hint], duration: task.seconds };
    return task;
  } catch {
    return {};
  }
}

function blockOf(element) {
  const task = taskOf(element);
  const seconds = hintOf(task.hint)?.duration ?? task.seconds ?? 1800;
  return { title: task.client || "", duration: { seconds }, editable: false, create: true, extendedProps: { ...task, pending: true, duration: prose(seconds) } };
}

function beginGesture(kind, event, props) {
  const together = kind === "move" && props.chosen.size > 1 && props.chosen.has(event.id);
  gesture = {
    kind,
    others: together ? props.events.filter((row) => row.id !== event.id && props.chosen.has(row.id)) : [],
    rows: props.events,
    id: event.id,
    hint: hintOfRow(props, event.id),
    client: event.extendedProps.client ?? "",
    from: spanOf(event, hintOfRow(props, event.id)),
    anyTime: event.allDay,
  };
}

/** The span of an event or of where it is held; without a time of day it begins at midnight and lasts as long as it counts. */
function spanOf(place, hint, anyTime = place.allDay) {
  if (!anyTime) return { start: wall(place.startStr), end: wall(place.endStr) };
  const start = place.allDay ? `${place.startStr.slice(0, 10)}T00:00:00` : wall(place.startStr);
  return { start, end: later(start, hintOf(hint)?.duration ?? 3600) };
}

function previewed(span, event) {
  if (span.allDay && !event?.allDay) return false; // what has a time of day keeps one
  if (gesture?.others.length && event?.allDay && !span.allDay) return false; // together, each keeps what it has
  if (gesture && event?.id && event.id !== gesture.id) return true; // another one of those that move together
  if (!gesture && pressed && event && !event.id) {
    const task = taskOf(pressed);
    gesture = { kind: "new", id: "", hint: hintOf(task.hint), client: task.client ?? "", from: null, others: [], rows: shownRows() };
    pressed.classList.add("is-dragging");
  }
  if (gesture) {
    gesture.to = spanOf(span, gesture.hint, span.allDay || gesture.anyTime);
    showConsequence();
  }
  return true;
}

/** Someone's change arrives while something is held: what the gesture foretells starts from it. */
function followList(rows) {
  gesture.rows = rows;
  if (gesture.kind !== "new") gesture.hint = hintOf(rows.find((row) => row.id === gesture.id)?.hint) ?? gesture.hint;
  else if (pressed?.isConnected) gesture.hint = hintOf(taskOf(pressed).hint);
  showConsequence();
}

function endGesture() {
  const held = gesture;
  gesture = null;
  if (held) for (const { current } of shown) current.settle();
  if (pressed) {
    pressed.classList.remove("is-dragging");
    delete pressed.dataset.dropping;
  }
  pressed = null;
  document.getElementById("wk-tip")?.remove();
  document.querySelector(".week-empty")?.classList.remove("is-aside");
  document.body.classList.remove("is-turned");
  leaveEdge();
  clearDayPreview();
}

/** Whether the click that comes now ends a hold, which picked a block up, and is no tap. */
function wasHeld() {
  return touchedAt !== null && performance.now() - touchedAt >= HOLD_MILLISECONDS;
}

/** While Alt is held a drag copies: told at once, done on letting go. */
function holdAlt(held) {
  if (gesture?.kind !== "move" || Boolean(gesture.copies) === held) return;
  gesture.copies = held;
  if (gesture.to) showConsequence();
}

// ---- the edges: what is held there turns the week ------------------------------------------------------------------

let edge = null; // {frame, side: -1 | 1, timer}

function holdAtEdge(frame, current, { clientX, clientY }) {
  const box = frame.getBoundingClientRect();
  const near = clientY > box.top && clientY < box.bottom && clientX > box.left - EDGE_PIXELS && clientX < box.right + EDGE_PIXELS;
  const side = !near || gesture.kind === "resize" ? 0 : clientX > box.right - EDGE_PIXELS ? 1 : clientX < box.left + EDGE_PIXELS ? -1 : 0;
  if (side === (edge?.side ?? 0)) return;
  leaveEdge();
  if (!side || !current.current.onTurn) return;
  frame.classList.add(side > 0 ? "is-turning-on" : "is-turning-back");
  const turn = () => {
    if (!gesture) return leaveEdge();
    gesture.turned = true;
    document.body.classList.add("is-turned");
    current.current.onTurn(side);
    edge.timer = setTimeout(turn, 2 * MILLISECONDS_AT_THE_EDGE);
  };
  edge = { frame, side, timer: setTimeout(turn, MILLISECONDS_AT_THE_EDGE) };
}

function leaveEdge() {
  clearTimeout(edge?.timer);
  edge?.frame.classList.remove("is-turning-on", "is-turning-back");
  edge = null;
}

// ---- several at once: Shift selects ---------------------------------------------------------------------------------

function toggle(props, id) {
  const row = (props.events ?? []).find((one) => one.id === id);
  if (!row) return;
  if (!isMovable(row)) return window.agency?.say(`${row.locked_note || "This is fixed"}: it cannot be moved or deleted.`);
  const chosen = new Set(props.chosen);
  if (!chosen.delete(id)) chosen.add(id);
  props.choose(chosen);
}

function versionsOf(props, chosen) {
  return Object.fromEntries((props.events ?? []).filter((row) => chosen.has(row.id)).map((row) => [row.id, row.version ?? 0]));
}

function chosenBar(props) {
  const rows = props.events.filter((row) => props.chosen.has(row.id));
  const seconds = rows.reduce((sum, row) => sum + (hintOf(row.hint)?.duration ?? 0), 0);
  const button = (name, act) => h("button", { type: "button", className: "btn btn-s", onClick: act }, name);
  return h(
    "div",
    { className: "wk-chosen", role: "toolbar", "aria-label": "Selected entries" },
    h("b", { role: "status" }, `${rows.length} selected, ${prose(seconds)}`),
    button("Move or copy", () => props.onAskMove?.(versionsOf(props, props.chosen))),
    button("Delete", () => props.onDeleteMany?.(versionsOf(props, props.chosen))),
    button("Clear", () => props.choose(NOBODY)),
  );
}

/** Shift and Enter select what Shift and a click would; before the calendar takes Enter for a click. */
function onSelectionKey(pressedKey, props) {
  const block = pressedKey.target.closest?.("[data-event-id]");
  if (!block || pressedKey.key !== "Enter" || !pressedKey.shiftKey || block.dataset.eventId.startsWith("routine:")) return;
  pressedKey.preventDefault();
  pressedKey.stopPropagation();
  keyboardAt = block.dataset.eventId;
  toggle(props, keyboardAt);
}

// FullCalendar has no way to call a drag off. Leaving the calendar and letting go is one: no hit, no change.
function cancelGesture() {
  clickIsLeftOver = true;
  const far = { bubbles: true, cancelable: true, clientX: -10000, clientY: -10000 };
  document.dispatchEvent(new MouseEvent("mousemove", far));
  document.dispatchEvent(new MouseEvent("mouseup", far));
  window.agencyCalendar.unselect();
  endGesture();
}

function rememberDrop(event) {
  const drop = { event, timer: setTimeout(() => forgetDrops(), SECONDS_UNTIL_A_DROP_IS_FORGOTTEN * 1000) };
  drops.push(drop);
  lastRevert = () => forgetDrops();
}

function forgetDrops() {
  if (sent) sent.answered = true;
  for (const drop of drops) {
    clearTimeout(drop.timer);
    drop.event.remove();
  }
  drops = [];
}

// ---- keyboard -------------------------------------------------------------------------------------------------

function onKey(pressedKey, props) {
  const block = pressedKey.target.closest?.("[data-event-id]");
  if (!block || pressedKey.ctrlKey || pressedKey.metaKey || pressedKey.altKey) return;
  const command = COMMANDS[(pressedKey.shiftKey ? "Shift+" : "") + pressedKey.key];
  if (!command || !props.onKey) return;
  pressedKey.preventDefault();
  pressedKey.stopPropagation();
  keyboardAt = block.dataset.eventId;
  const [kind, routine, day] = keyboardAt.split(":");
  if (props.chosen.size > 1 && props.chosen.has(keyboardAt)) changeChosen(props, command);
  else if (kind !== "routine") props.onKey(keyboardAt, command);
  else if (command === "delete") answerRoutine(props, { routine, day }, "dismiss");
}

function changeChosen(props, command) {
  const versions = versionsOf(props, props.chosen);
  if (command === "delete") props.onDeleteMany?.(versions);
  else if (SECONDS_OF[command]) props.onShift?.(versions, SECONDS_OF[command], false);
}

/** Whether drawing took the keyboard away from the block that had it. */
function keyboardIsFree() {
  return document.activeElement === document.body || !document.activeElement;
}

function focusEvent(inside, id) {
  inside?.querySelector(`[data-event-id="${CSS.escape(id)}"]`)?.focus({ preventScroll: false });
}

// ---- the consequence of a gesture, told before it is made --------------------------------------------------------

function hintOfRow(props, id) {
  return hintOf(props.events.find((row) => row.id === id)?.hint);
}

function hintOf(hint) {
  if (typeof hint !== "string") return hint ?? null;
  try {
    return JSON.parse(hint);
  } catch {
    return null;
  }
}

/** The two lines of the tip and its bar; exported for the tests. Seconds, and money in 1/10000 of the unit per hour. */
export function consequence({ kind, hint, client, from, to, others = [], copies = false, turned = false, anyTime = false }) {
  const who = hint?.client || client;
  if (others.length) return { head: `${copies ? "Copies" : "Moves"} ${others.length + 1} entries`, text: "Together, with one undo. Esc cancels.", bar: null };
  if (copies) [kind, from] = ["new", null];
  const closed = closedWord(hint, to.start) || (from && closedWord(hint, from.start));
  if (closed) return { head: `${who ? `${who}: ` : ""}${closed}`, text: "This will not be taken. Esc cancels.", bar: null, refused: true };
  const seconds = kind === "resize" ? secondsBetween(to.start, to.end) : hint?.duration ?? secondsBetween(to.start, to.end);
  const period = periodOf(hint, to.start);
  if (!period && turned) return { head: `${who ? `${who}, ` : ""}${prose(seconds)}`, text: `To ${shortDate(to.start)}, ${clock(to.start)}. Esc cancels.`, bar: null };
  if (!period) {
    return { head: `${who ? `${who}, ` : ""}${prose(seconds)}`, text: `${hint ? `No retainer period on ${shortDate(to.start)}. ` : ""}Esc cancels.`, bar: null };
  }
  const before = from ? periodOf(hint, from.start) : null;
  const same = before?.key === period.key;
  if (period.closed && period.bills) return { head: `${who} ${period.name}: the period is closed`, text: "This will not be taken. Hand it in with New entry. Esc cancels.", bar: null, refused: true };
  const changes = kind === "new" || (before && !same) || !before ? seconds : kind === "resize" ? seconds - (hint.duration ?? secondsBetween(from.start, from.end)) : 0;
  const delta = period.bills === false ? 0 : changes; // what is not billable draws nothing
  const moved = taken(period, delta); // in the unit of the period: seconds, or money of a budget
  const after = period.used + moved;
  const told = (amount) => (period.in_money ? money(BigInt(amount), period) : hours(amount));
  const of = period.available == null ? "h" : `of ${told(period.available)}${period.in_money ? "" : " h"}`;
  const bar = period.available ? { used: Math.min(period.used, after), changed: Math.abs(moved), available: period.available } : null;
  const held = from && { key: orderKey(from.start, anyTime), seconds: hint.duration ?? secondsBetween(from.start, from.end) };
  const put = { key: orderKey(to.start, anyTime), seconds };
  const turns = delta === 0 && before && same && period.bills !== false ? byOrder(period, held, put) ?? 0n : 0n;
  if (turns) {
    const change = turns > 0n ? `Adds ${money(turns, period)} to the draft` : `Takes ${money(-turns, period)} off the draft`;
    return { head: `${who} ${period.name}: stays ${told(period.used)} ${of}`, text: `${change}: what comes first is included. Esc cancels.`, bar };
  }
  if (delta === 0) {
    return { head: `${who} ${period.name}: stays ${told(period.used)} ${of}`, text: "Changes nothing on the draft. Esc cancels.", bar };
  }
  if (period.overage === "stop" && delta > 0 && parts(period, delta).over) return { head: `${who} ${period.name}: it stops at what was agreed`, text: "This will not be taken. Esc cancels.", bar: null, refused: true };
  const head = `${who} ${period.name}: ${told(period.used)} → ${told(after)} ${of}`;
  const added = (delta === changes ? byOrder(period, same ? held : null, put) : null) ?? worth(period, delta);
  const left = before && !same ? -((before.bills !== false ? byOrder(before, held, null) : null) ?? worth(before, -(hint.duration ?? seconds))) : 0n;
  let text;
  if (before && !same && (left || added)) {
    const moves = left === added ? `Moves ${money(added, period)} from ${before.name} to ${period.name}.` : `Takes ${money(left, before)} off ${before.name}, adds ${money(added, period)} to ${period.name}.`;
    text = [moves, beyond(period, delta)].filter(Boolean).join(" ");
  } else {
    const draft = added > 0n ? `Adds ${money(added, period)} to the draft.` : added < 0n ? `Takes ${money(-added, period)} off the draft.` : "";
    text = [draft, beyond(period, delta)].filter(Boolean).join(" ") || "Inside the fee: the draft stays.";
  }
  return { head, text: `${text} Esc cancels.`, bar };
}

/** Why nothing can be logged on a day any more; empty when it can. */
function closedWord(hint, start) {
  const date = start.slice(0, 10);
  if (hint?.locked_until && date <= hint.locked_until) return `the books are closed up to ${shortDate(hint.locked_until)}`;
  return hint?.closed?.[date.slice(0, 7)] ?? "";
}

function periodOf(hint, start) {
  const date = start.slice(0, 10);
  for (const [key, period] of Object.entries(hint?.periods ?? {})) {
    if (period.first ? period.first <= date && date <= period.last : key === date.slice(0, 7)) return { key, ...period };
  }
  return null;
}

/** What seconds take of a period: themselves, or what they are worth at their rate where the period is a budget. */
function taken(period, delta) {
  if (!period.in_money) return delta;
  const minor = Number(roundHalfUp(BigInt(Math.abs(delta)) * BigInt(period.worth ?? 0) * 10n ** BigInt(period.decimals ?? 2), 36000000n));
  return delta < 0 ? -minor : minor;
}

/** What a change of used seconds adds to the draft, in minor units (BigInt): included hours at the rate when they bill,
    hours beyond the available ones at the overage rate where that is billed, rounded half up once. */
function worth(period, delta) {
  const { included, over } = parts(period, delta);
  const perHour = BigInt(included) * BigInt(period.bills ? period.rate ?? 0 : 0) + (period.overage === "bill" ? BigInt(over) * BigInt(period.overage_rate ?? 0) : 0n);
  const minor = inMinor(perHour, period);
  return delta > 0 ? minor : -minor;
}

/** Where work stands in the order in which it draws on a period; without a time of day it is the last of its day. */
function orderKey(start, anyTime) {
  return anyTime ? `${start.slice(0, 10)}T24` : start;
}

/** What a change adds to the draft when the order of the work says which of it is included: work that moves over the edge
    of what was agreed may have another rate. Null where the order makes no difference (`worth` tells), or is not known. */
function byOrder(period, held, put) {
  if (!period.edge) return null;
  const rows = [...period.edge.rows];
  let from = period.edge.before; // used before the rows, all of it included
  let apart = 0n; // what leaves that part
  if (held) {
    const place = rows.findIndex(([key, seconds, rate]) => key === held.key && seconds === held.seconds && rate === period.rate);
    if (place >= 0) rows.splice(place, 1);
    else if (rows.length && held.key >= rows[0][0]) return null;
    else [from, apart] = [from - held.seconds, BigInt(held.seconds) * BigInt(period.rate)];
  }
  if (put) {
    const later = rows.findIndex(([key]) => key > put.key);
    rows.splice(later < 0 ? rows.length : later, 0, [put.key, put.seconds, period.rate]);
  }
  const change = billed(period, rows, from) - apart - billed(period, period.edge.rows, period.edge.before);
  return change < 0n ? -inMinor(-change, period) : inMinor(change, period);
}

/** What rows in their order bill (1/10000 of the unit, times seconds), after so many seconds were used. */
function billed(period, rows, used) {
  let sum = 0n;
  for (const [, seconds, rate] of rows) {
    const within = Math.min(Math.max(0, period.available - used), seconds);
    sum += BigInt(within) * BigInt(rate) + (period.overage === "bill" ? BigInt(seconds - within) * BigInt(period.overage_rate ?? 0) : 0n);
    used += seconds;
  }
  return sum;
}

/** What becomes of the part that is not billed with the draft, as the entry's dialog says it (states/entry_words.py). */
function beyond(period, delta) {
  const { over } = parts(period, delta);
  if (!over || period.overage === "bill") return "";
  if (period.overage === "absorb") return delta > 0 ? "Over what was agreed, and absorbed." : "Less that is absorbed.";
  if (period.overage === "stop") return "";
  const amount = money(inMinor(BigInt(over) * BigInt(period.overage_rate ?? 0), period), period);
  return delta > 0 ? `Over what was agreed: ${amount} if the overage is approved.` : `${amount} less if the overage is approved.`;
}

/** The seconds of a change that are within what was agreed, and those beyond it. */
function parts(period, delta) {
  const used = period.used;
  const available = period.available ?? Number.MAX_SAFE_INTEGER;
  const moved = taken(period, delta);
  const [low, high] = moved > 0 ? [used, used + moved] : [used + moved, used];
  const seconds = Math.abs(delta);
  const within = Math.min(high, available) - Math.min(low, available);
  const included = high > low ? Number((BigInt(seconds) * BigInt(within)) / BigInt(high - low)) : seconds;
  return { included, over: seconds - included };
}

function inMinor(perHour, period) {
  return roundHalfUp(perHour * 10n ** BigInt(period.decimals ?? 2), 36000000n);
}

function roundHalfUp(numerator, denominator) {
  return (2n * numerator + denominator) / (2n * denominator); // never negative here
}

export function money(minor, period) {
  const decimals = period.decimals ?? 2;
  const digits = minor.toString().padStart(decimals + 1, "0");
  const units = digits.slice(0, digits.length - decimals).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${period.currency_prefix ?? ""}${units}${decimals ? `.${digits.slice(-decimals)}` : ""}`;
}

/** Seconds as decimal hours: at most two decimals, half up, without idle zeros beyond `least` of them. */
export function hours(seconds, least = 0) {
  const hundredths = roundHalfUp(BigInt(Math.max(0, Math.round(seconds))) * 100n, 3600n).toString().padStart(3, "0");
  let decimals = hundredths.slice(-2);
  while (decimals.length > least && decimals.endsWith("0")) decimals = decimals.slice(0, -1);
  return hundredths.slice(0, -2) + (decimals ? `.${decimals}` : "");
}

function prose(seconds) {
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")}`;
}

function showConsequence() {
  const told = consequence(gesture);
  const tip = document.getElementById("wk-tip") ?? newTip();
  tip.querySelector("b").textContent = told.head;
  tip.querySelector(".s").textContent = gesture.copies && !gesture.others.length ? `A copy. ${told.text}` : told.text;
  const overlap = overlapWord(gesture);
  tip.querySelector(".o").textContent = overlap;
  tip.querySelector(".o").hidden = !overlap;
  const bar = tip.querySelector(".tb");
  bar.hidden = !told.bar;
  if (told.bar) {
    const used = Math.min(100, (told.bar.used / told.bar.available) * 100);
    const changed = Math.min(100 - used, (told.bar.changed / told.bar.available) * 100);
    bar.children[0].style.width = `${used}%`;
    bar.children[1].style.left = `${used}%`;
    bar.children[1].style.width = `${changed}%`;
  }
  if (pressed && gesture.kind === "new") {
    pressed.dataset.dropping = `${DAY_NAMES[new Date(`${gesture.to.start}Z`).getUTCDay()]} ${Number(gesture.to.start.slice(8, 10))}, ${clock(gesture.to.start)}–${clock(gesture.to.end)}`;
  }
  previewDays();
}

/** What the gesture would share time with: allowed, and quietly said. */
function overlapWord({ id, to, rows, others, copies, anyTime, turned }) {
  if (anyTime || turned || others.length) return "";
  const [start, end] = [wall(to.start), wall(to.end)];
  const hit = rows.find((row) => (copies || row.id !== id) && row.start.length > 10 && !row.routine && row.start < end && start < row.end);
  return hit ? `⚠ Overlaps ${hit.client}, ${clock(hit.start)}–${clock(hit.end)}.` : "";
}

function newTip() {
  const tip = document.createElement("div");
  tip.id = "wk-tip";
  tip.className = "tip wk-tip";
  tip.setAttribute("role", "status");
  tip.innerHTML = '<b></b><div class="s"></div><div class="s o" hidden></div><div class="tb"><i></i><i></i></div>';
  tip.style.visibility = "hidden";
  document.body.append(tip);
  return tip;
}

function placeTip(frame, x, y) {
  const tip = document.getElementById("wk-tip");
  if (!tip || !frame) return;
  const box = frame.getBoundingClientRect();
  const inside = x >= box.left && x <= box.right && y >= box.top && y <= box.bottom;
  tip.style.visibility = inside ? "visible" : "hidden";
  if (!inside) {
    clearDayPreview();
    if (pressed) delete pressed.dataset.dropping;
    return;
  }
  const left = x + 24 + tip.offsetWidth > window.innerWidth - 8 ? x - 24 - tip.offsetWidth : x + 24;
  const top = Math.min(Math.max(8, y - tip.offsetHeight - 12), window.innerHeight - tip.offsetHeight - 8);
  tip.style.transform = `translate(${Math.max(8, left)}px, ${top}px)`;
}

// The heads of the days concerned show "6.0 → 8.0 h" while the pointer moves.
function previewDays() {
  const changes = {};
  const seconds = secondsBetween(gesture.to.start, gesture.to.end);
  const add = (date, change) => (changes[date] = (changes[date] ?? 0) + change);
  if (gesture.from && !gesture.copies) add(gesture.from.start.slice(0, 10), -secondsBetween(gesture.from.start, gesture.from.end));
  add(gesture.to.start.slice(0, 10), seconds);
  for (const row of gesture.others) {
    const [counts, shift] = [hintOf(row.hint)?.duration ?? 0, secondsBetween(gesture.from.start, gesture.to.start)];
    if (!gesture.copies) add(row.start.slice(0, 10), -counts);
    add(later(row.start.length > 10 ? row.start : `${row.start}T00:00:00`, shift).slice(0, 10), counts);
  }
  clearDayPreview();
  document.querySelector(".week-empty")?.classList.add("is-aside");
  for (const [date, change] of Object.entries(changes)) {
    const preview = document.querySelector(`[data-preview-of="${date}"]`);
    const total = document.querySelector(`[data-total-of="${date}"]`);
    for (const lane of document.querySelectorAll(`.wk-lane.wk-on-${date}`)) lane.classList.toggle("is-target", date === gesture.to.start.slice(0, 10));
    if (!preview || !total || change === 0) continue;
    const before = Number(total.dataset.seconds);
    preview.innerHTML = `${hours(before, 1)}<span class="arr">→</span><b>${hours(before + change, 1)} h</b>`;
    preview.parentElement.classList.add("is-previewed");
  }
}

function clearDayPreview() {
  for (const preview of document.querySelectorAll(".is-previewed")) {
    preview.classList.remove("is-previewed");
    preview.querySelector(".wk-preview").textContent = "";
  }
  for (const lane of document.querySelectorAll(".wk-lane.is-target")) lane.classList.remove("is-target");
}

// ---- wall times -------------------------------------------------------------------------------------------------

function wall(text) {
  return (text ?? "").slice(0, 19);
}

function clock(text) {
  return (text ?? "").slice(11, 16);
}

function secondsBetween(start, end) {
  return Math.round((Date.parse(`${wall(end)}Z`) - Date.parse(`${wall(start)}Z`)) / 1000);
}

function later(start, seconds) {
  return new Date(Date.parse(`${wall(start)}Z`) + seconds * 1000).toISOString().slice(0, 19);
}

function durationSeconds(text) {
  const [hours, minutes, seconds] = text.split(":").map(Number);
  return hours * 3600 + minutes * 60 + (seconds || 0);
}

function shortDate(start) {
  return `${Number(start.slice(8, 10))} ${MONTH_NAMES[Number(start.slice(5, 7)) - 1]}`;
}

function twoDigits(number) {
  return String(number).padStart(2, "0");
}

const clocks = {}; // by zone: making one takes a millisecond, and the calendar asks for the time at each drawing

export function wallTimeNow(zone) {
  const options = { timeZone: zone || undefined, hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit" };
  clocks[zone] ??= new Intl.DateTimeFormat("en-GB", options);
  const parts = Object.fromEntries(clocks[zone].formatToParts(new Date()).map((part) => [part.type, part.value]));
  return `${parts.year}-${parts.month}-${parts.day}T${parts.hour}:${parts.minute}:${parts.second}`;
}
