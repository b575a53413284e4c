// What Django's admin leaves without a name that is heard: the search of a list, and the icons of two lists
// between which one chooses.
window.addEventListener("load", () => {
  document.getElementById("searchbar")?.setAttribute("aria-label", "Search");
  for (const icon of document.querySelectorAll(".search-label-icon")) icon.setAttribute("role", "img");
});
