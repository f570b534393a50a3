/* Send the chosen logo as it is, and say what came of it. The page hears of the change by a click on #logo-changed. */
(() => {
  const error = (text) => {
    const place = document.getElementById("logo-error");
    if (place) place.textContent = text;
  };
  const send = async (method, body) => {
    error("");
    document.documentElement.dataset.logo = "sending";
    try {
      const answer = await fetch("/settings/logo", { method, body, credentials: "same-origin" });
      const said = await answer.json().catch(() => ({ message: "The logo could not be saved. Try again." }));
      if (answer.ok) document.getElementById("logo-changed")?.click();
      else error(said.message);
    } catch {
      error("The server did not answer; the logo is as it was. Try again.");
    } finally {
      delete document.documentElement.dataset.logo;
    }
  };
  document.addEventListener("change", (event) => {
    const input = event.target;
    if (input.id !== "logo-file" || !input.files.length) return;
    const file = input.files[0];
    input.value = ""; // the same file may be chosen again after it was mended
    if (file.size > 1_000_000) error("The file is larger than 1 MB. Save it smaller, or as an SVG.");
    else send("PUT", file);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest?.("#logo-remove")) send("DELETE");
  });
})();
