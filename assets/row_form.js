/* Forms that lose nothing. What is typed and not saved is kept in this tab, over a reload and a visit elsewhere, until it
   is saved or discarded. Each input knows in data-saved what the database holds; the form knows the version it shows. */
(() => {
  const PREFIX = "agency-typed:";
  const FORM = "form[data-keep]";
  const storage = (act) => {
    try { return act(sessionStorage); } catch { return null; /* a private window keeps nothing */ }
  };
  const inputsOf = (form) => [...form.querySelectorAll("[data-saved]")];
  const keyOf = (form) => PREFIX + form.dataset.keep;

  const keep = (form) => {
    const changed = inputsOf(form).filter((input) => input.value !== input.dataset.saved);
    form.toggleAttribute("data-changed", changed.length > 0);
    if (!changed.length) {
      storage((held) => held.removeItem(keyOf(form)));
      return;
    }
    const typed = {
      version: form.elements.version.value,
      values: Object.fromEntries(changed.map((input) => [input.name, input.value])),
    };
    storage((held) => held.setItem(keyOf(form), JSON.stringify(typed)));
  };

  const restore = (form) => {
    const held = storage((stored) => JSON.parse(stored.getItem(keyOf(form))));
    if (!held) return;
    for (const input of inputsOf(form)) {
      if (input.name in held.values) input.value = held.values[input.name];
    }
    // Typed against an older version: the save will be compared with what was saved since.
    form.elements.version.value = held.version;
    form.toggleAttribute("data-restored", inputsOf(form).some((input) => input.value !== input.dataset.saved));
    keep(form);
  };

  const show = (element) => {
    if (!element) return;
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "center" });
  };

  /* Wait until the page has drawn what the server just sent. */
  const drawn = (ready, then, tries = 120) => {
    if (ready()) then();
    else if (tries > 0) setTimeout(() => drawn(ready, then, tries - 1), 25);
  };

  let lastFocus = "";
  window.agencyForm = {
    settle(serial, how) {
      const form = () => document.querySelector(`${FORM}[data-serial="${serial}"]`);
      const ready = () => form() && (how !== "errors" || form().querySelector("[aria-invalid=true]"));
      drawn(ready, () => {
        const current = form();
        if (how === "restore") {
          restore(current);
          const place = decodeURIComponent(window.location.hash.slice(1));
          if (place) show(document.getElementById(place));
        } else if (how === "saved") {
          storage((held) => held.removeItem(keyOf(current)));
          keep(current);
          if (lastFocus) document.getElementById(lastFocus)?.focus({ preventScroll: true });
        } else {
          keep(current);
          show(current.querySelector("[aria-invalid=true], [data-noted]"));
        }
      });
    },
  };

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => {
      const form = event.target.closest(FORM);
      if (form) keep(form);
    });
  }
  document.addEventListener("focusin", (event) => {
    if (event.target.closest(FORM) && "saved" in event.target.dataset) lastFocus = event.target.id;
  });
  document.addEventListener("keydown", (event) => {
    const form = event.target.closest(FORM);
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[action='/sign-out']")) return;
    storage((held) => Object.keys(held).filter((key) => key.startsWith(PREFIX)).forEach((key) => held.removeItem(key)));
  }, true);
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector(`${FORM}[data-changed]`)) event.preventDefault();
  });
})();
