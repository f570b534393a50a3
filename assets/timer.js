/* The running timer ticks in the tab: its start came with the page, and no second is asked of the server. */
(() => {
  const twoDigits = (number) => String(number).padStart(2, "0");
  let ticking = ""; // what was put before the page's own title
  let asked = ""; // the timer that was found to be forgotten while the page was open

  function tick() {
    const timer = document.querySelector("[data-timer-started]");
    const own = ticking && document.title.startsWith(ticking) ? document.title.slice(ticking.length) : document.title;
    ticking = "";
    if (timer) {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(timer.dataset.timerStarted)) / 1000));
      const clock = `${Math.floor(seconds / 3600)}:${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
      const shown = timer.querySelector("[data-timer-clock]");
      if (shown && shown.textContent !== clock) shown.textContent = clock;
      if (asked !== timer.dataset.timerStarted && Date.now() > Date.parse(timer.dataset.timerAsks)) {
        asked = timer.dataset.timerStarted;
        document.getElementById("timer-again")?.click();
      }
      ticking = `${clock.slice(0, -3)} ${timer.dataset.timerLabel} · `;
    }
    if (document.title !== ticking + own) document.title = ticking + own;
  }

  setInterval(tick, 1000);
  new MutationObserver((changes) => {
    if (changes.some((change) => [...change.addedNodes].some((node) => node.querySelector?.("[data-timer-clock]") || node.matches?.("[data-timer-started]")))) tick();
  }).observe(document, { childList: true, subtree: true });
})();
