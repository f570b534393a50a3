/* The order of an invoice's lines, by dragging a line's number or with Alt and an arrow: one event when it is let go. */
(() => {
  const rows = () => [...document.querySelectorAll(".il tbody tr[data-key]")];
  const keys = () => rows().map((row) => row.dataset.key);
  let dragged = null;

  const send = (order) => {
    const field = document.getElementById("line-order");
    if (!field || order.join("\n") === keys().join("\n")) return;
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
    set.call(field, "");
    set.call(field, JSON.stringify(order));
    field.dispatchEvent(new Event("input", { bubbles: true }));
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
})();
