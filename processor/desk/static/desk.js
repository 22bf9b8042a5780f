// Keys on the case page: k next case, j the reason for approving, l the letter. Nothing here is needed for reading.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName)) return;
  const go = { k: "#next", j: ".decide input[name=reason]", l: "#text" }[event.key];
  const target = go && document.querySelector(go);
  if (!target) return;
  event.preventDefault();
  if (event.key === "k") target.click(); else target.focus();
});
