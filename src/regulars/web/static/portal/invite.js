// Sends an invitation by whatever the phone offers; else its link is copied.
const place = document.querySelector("[data-invite]");

if (place) {
  const { link, words } = place.dataset;
  const share = place.querySelector("[data-share]");
  const copy = place.querySelector("[data-copy]");
  const copied = place.querySelector("[data-copied]");

  share.hidden = !navigator.share;
  share.addEventListener("click", async () => {
    try { await navigator.share({ text: words, url: link }); } catch (error) {
      if (error.name !== "AbortError") copy.click();
    }
  });

  copy.hidden = !navigator.clipboard;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(link);
    copied.hidden = false;
  });
}
