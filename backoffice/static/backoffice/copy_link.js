// "Copy link" on a story's form: the link carries a bookmark, so that a colleague sees what is saved now.
document.addEventListener("click", async (event) => {
  const link = event.target.closest("[data-copy-link]");
  if (!link || !navigator.clipboard) return; // without a clipboard it is a link like any other
  event.preventDefault();
  await navigator.clipboard.writeText(link.href);
  const text = link.textContent;
  link.textContent = "Copied";
  setTimeout(() => { link.textContent = text; }, 1500);
});
