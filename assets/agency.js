/* The little that only a browser can do: native dialogs, the theme, a download that leaves the page where it is. */
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const chosen = () => {
    try { return localStorage.getItem("agency-theme"); } catch { return null; }
  };
  const paint = () => { root.dataset.theme = chosen() || (dark.matches ? "dark" : "light"); };
  paint();
  dark.addEventListener("change", paint);
  window.addEventListener("beforeprint", () => { root.dataset.theme = "light"; }); // paper is light
  window.addEventListener("afterprint", paint);

  const byId = (id) => document.getElementById(id);
  window.agency = {
    open(id) {
      const dialog = byId(id);
      if (!dialog || dialog.open) return;
      dialog.showModal();
      const first = dialog.querySelector(":is(input, select, textarea):not([type=hidden], [type=checkbox], :disabled)") ?? dialog.querySelector(".dlg-f .btn-primary");
      if (first && !matchMedia("(pointer: coarse)").matches) return first.focus();
      dialog.tabIndex = -1; // on a phone the keyboard would cover the form, and the browser would choose Close
      dialog.focus();
    },
    close(id) {
      const dialog = byId(id);
      if (dialog && dialog.open) dialog.close();
    },
    focus(id) {
      const field = byId(id);
      if (field) field.focus();
    },
    /* Take what was logged out of a field; what was typed since then stays. React hears of it as of any typing. */
    empty(id, logged) {
      const field = byId(id);
      if (!field || !field.value.startsWith(logged)) return;
      const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
      set.call(field, field.value.slice(logged.length));
      field.dispatchEvent(new Event("input", { bubbles: true }));
    },
    download(url) {
      const link = document.createElement("a");
      link.href = url;
      link.download = "";
      document.body.append(link);
      link.click();
      link.remove();
    },
    /* A refusal from where no page could say it. */
    say(text) {
      const said = document.createElement("div");
      said.className = "toasts";
      said.setAttribute("role", "alert");
      said.innerHTML = '<div class="toast bad"><span></span></div>';
      said.querySelector("span").textContent = text;
      document.body.append(said);
      setTimeout(() => said.remove(), 8000);
    },
    theme() {
      const next = root.dataset.theme === "dark" ? "light" : "dark";
      try { localStorage.setItem("agency-theme", next); } catch { /* a private window keeps no choice */ }
      root.dataset.theme = next;
    },
  };

  const clearLine = () => {
    window.agency.empty("quick-line", byId("quick-line").value);
    window.agency.focus("quick-line");
  };
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !event.target.closest(".ql")) return;
    if (byId("quick-line").value) clearLine();
    else event.target.blur(); // an empty line is left: the single keys are keys again
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#quick-line-clear")) clearLine();
  });

  /* A menu of the top bar closes by a click beside it, or by Escape, which gives the keyboard back to what opened it. */
  const menus = () => document.querySelectorAll(".topbar details[open]");
  document.addEventListener("click", (event) => {
    for (const menu of menus()) if (!menu.contains(event.target) || event.target.closest("a")) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
    for (const menu of menus()) {
      if (menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  });

  /* The drawer that the right rail becomes where it has no room: a click beside it, or Escape, puts it away. */
  const drawer = () => document.querySelector(".is-drawn");
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const open = drawer();
    if (open && !open.contains(event.target) && !event.target.closest("dialog")) open.classList.remove("is-drawn");
    if (opener && byId(opener.dataset.opens) !== open) byId(opener.dataset.opens)?.classList.add("is-drawn");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !document.querySelector("dialog[open]")) drawer()?.classList.remove("is-drawn");
  });
})();
