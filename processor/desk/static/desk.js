// Comforts only: every page reads and every form works without this file.
"use strict";

document.documentElement.classList.add("script");

// One letter at a time, unless it is being written somewhere or the officer has turned the keys off (WCAG 2.1.4).
const KEYS = { k: "#next", m: ".field.wrong input", j: ".decide input[name=reason]", l: "#text", z: "#why", o: "#other" };
const keysOn = () => localStorage.getItem("keys") !== "off";
document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.key === "Enter" && event.ctrlKey && at.tagName === "TEXTAREA" && at.form) {
    event.preventDefault();
    at.form.querySelector("button").click();
    return;
  }
  if (!keysOn() || event.ctrlKey || event.altKey || event.metaKey || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const target = KEYS[event.key] && document.querySelector(KEYS[event.key]);
  if (!target) return;
  event.preventDefault();
  const folded = target.closest("details:not([open])");
  if (folded) folded.open = true;
  if (event.key === "k") target.click(); else target.focus();
});
const box = document.getElementById("keys-on");
if (box) {
  box.checked = keysOn();
  box.addEventListener("change", () => localStorage.setItem("keys", box.checked ? "on" : "off"));
}

// What was written and not sent is not lost unseen.
let unsent = false;
for (const form of document.querySelectorAll("form.guarded")) form.addEventListener("input", () => { unsent = true; });
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.ask;
  if (question && !window.confirm(question)) { event.preventDefault(); return; }
  unsent = false;
});
window.addEventListener("beforeunload", (event) => { if (unsent) event.preventDefault(); });

// All held letters at once.
const all = document.getElementById("pick-all");
if (all) all.addEventListener("change", () => { for (const one of document.querySelectorAll("input[name=letter][type=checkbox]")) one.checked = all.checked; });
