/* The pages before sign-in work without this. It forgets what the tab held of the member before, and knows the clock. */
(() => {
  try { sessionStorage.clear(); } catch { /* nothing was kept */ }
  const zone = document.getElementById("zone");
  if (zone && "default" in zone.dataset) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;

  // A welcome that is refused says what to mend beside each field, without taking back the password that was typed.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.getAttribute("action") !== "/welcome") return;
    event.preventDefault();
    const button = form.querySelector("button[type=submit]");
    button.disabled = true;
    try {
      const answer = await fetch("/welcome", { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.status !== 422) return void location.assign(answer.redirected ? answer.url : "/");
      const mended = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("form");
      mended.elements.password.value = form.elements.password.value;
      form.replaceWith(mended);
      mended.querySelector("[aria-invalid=true]")?.focus();
    } catch {
      form.submit();
    }
  });
})();
