// A receipt is looked at beside the list that leads to it; with Ctrl, or without this script, its page opens.

const panel = document.getElementById("panel");

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-panel]");
  if (!link || !panel || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
  event.preventDefault();
  const answer = await fetch(link.dataset.panel, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!answer?.ok) {
    location.assign(link.href);
    return;
  }
  panel.firstElementChild.innerHTML = await answer.text();
  panel.showModal();
});

panel?.addEventListener("click", (event) => {
  if (event.target === panel) panel.close();
});
