/* The pages before sign-in work without this. It forgets what the tab held of the member before, and knows the clock. */
(() => {
  try { sessionStorage.clear(); } catch { /* nothing was kept */ }
  const zone = document.getElementById("zone");
  if (zone && "default" in zone.dataset) zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone || zone.value;
})();
