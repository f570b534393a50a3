/* The order of an invoice's lines, by dragging a line's number or with Alt and an arrow: one event when it is let go; and
   the effect of a rounding, shown while it is chosen. */
(() => {
  const rows = () => [...document.querySelectorAll(".il tbody tr[data-key]")];
  const keys = () => rows().map((row) => row.dataset.key);
  let dragged = null;

  /* Put a value into a hidden field so that React hears of it, as of any typing. */
  const put = (id, value) => {
    const field = document.getElementById(id);
    if (!field) return;
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    set.call(field, "");
    set.call(field, value);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const send = (order) => {
    if (order.join("\n") !== keys().join("\n")) put("line-order", JSON.stringify(order));
  };
  const moved = (key, target, after) => {
    const order = keys().filter((each) => each !== key);
    order.splice(order.indexOf(target) + (after ? 1 : 0), 0, key);
    return order;
  };
  const below = (row, event) => {
    const box = row.getBoundingClientRect();
    return event.clientY > box.top + box.height / 2;
  };
  const clear = () => rows().forEach((row) => row.classList.remove("drop-before", "drop-after", "lifted"));

  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.(".il .grip");
    if (!grip) return;
    dragged = grip.closest("tr");
    dragged.classList.add("lifted");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.key);
    event.dataTransfer.setDragImage(dragged, 12, 12);
  });
  document.addEventListener("dragover", (event) => {
    const row = dragged && event.target.closest?.(".il tbody tr[data-key]");
    if (!row) return;
    event.preventDefault();
    rows().forEach((each) => each.classList.remove("drop-before", "drop-after"));
    if (row !== dragged) row.classList.add(below(row, event) ? "drop-after" : "drop-before");
  });
  document.addEventListener("drop", (event) => {
    const row = dragged && event.target.closest?.(".il tbody tr[data-key]");
    if (row && row !== dragged) {
      event.preventDefault();
      send(moved(dragged.dataset.key, row.dataset.key, below(row, event)));
    }
    clear();
    dragged = null;
  });
  document.addEventListener("dragend", () => { clear(); dragged = null; });

  document.addEventListener("keydown", (event) => {
    const row = event.altKey && event.target.closest?.(".il tr[data-key]");
    if (!row || (event.key !== "ArrowUp" && event.key !== "ArrowDown") || !document.getElementById("line-order")) return;
    event.preventDefault();
    const beside = event.key === "ArrowUp" ? row.previousElementSibling : row.nextElementSibling;
    if (!beside?.dataset.key) return;
    const key = row.dataset.key;
    send(moved(key, beside.dataset.key, event.key === "ArrowDown"));
    const table = row.closest("tbody");
    const observer = new MutationObserver(() => {
      document.querySelector(`.il tr[data-key="${CSS.escape(key)}"] .line-b`)?.focus();
    });
    observer.observe(table, { childList: true });
    setTimeout(() => observer.disconnect(), 3000);
  });

  /* What is chosen in the form of the rounding is shown as an effect on the draft, a moment after the last change. */
  let waiting = 0;
  const show = (form) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => put("rounding-choice", JSON.stringify(Object.fromEntries(new FormData(form)))), 250);
  };
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest?.("#rounding-dialog form");
      if (form) show(form);
    });
  }

  /* Where the work stands below the paper, choosing a line goes there. */
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.(".il tbody tr[data-key]") || !matchMedia("(max-width: 1100px)").matches) return;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    setTimeout(() => document.querySelector(".side")?.scrollIntoView({ behavior: calm ? "auto" : "smooth" }), 60);
  });
})();
