/* Keep the PDF of #pdf-pane in step with its address: the next one loads behind the one on screen and takes its place
   when it is there. Never two at once; of several changes meanwhile the last one counts. */
(() => {
  let loading = "";
  const wanted = () => document.getElementById("pdf-pane")?.dataset.source ?? "";

  const follow = () => {
    const pane = document.getElementById("pdf-pane");
    const frames = document.getElementById("pdf-frames");
    if (!pane || !frames) { loading = ""; return; }
    const shown = frames.querySelector("iframe:not(.next)");
    const next = frames.querySelector("iframe.next");
    if (next && loading) return;
    const source = wanted();
    if (!source || shown?.dataset.source === source) return;
    const frame = document.createElement("iframe");
    frame.className = "next";
    frame.title = "The invoice as a PDF";
    frame.dataset.source = source;
    loading = source;
    pane.classList.add("updating");
    frame.addEventListener("load", () => {
      if (!frame.isConnected || frame.dataset.done) return;
      frame.dataset.done = "1";
      frames.querySelectorAll("iframe:not(.next)").forEach((old) => old.remove());
      frame.className = "";
      loading = "";
      pane.classList.remove("updating");
      follow();
    });
    frame.src = `${source}#view=FitH&toolbar=0&navpanes=0`;
    frames.append(frame);
  };

  new MutationObserver(follow).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-source"],
  });
})();
