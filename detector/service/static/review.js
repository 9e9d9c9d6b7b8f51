// Makes the review page quicker; without it every form still works. Builds nothing out of a submitted page.
"use strict";
document.documentElement.classList.add("script");

const said = document.getElementById("said");
let silence;
function say(words) {
  said.textContent = words;
  clearTimeout(silence);
  silence = setTimeout(() => (said.textContent = ""), 6000); // what was said stands on the page too
}

// Drop a file anywhere on the form.
const check = document.getElementById("check");
if (check) {
  const file = document.getElementById("file");
  let depth = 0;
  const over = (on) => check.classList.toggle("dragging", on);
  check.addEventListener("dragenter", () => over(++depth > 0));
  check.addEventListener("dragleave", () => over(--depth > 0));
  check.addEventListener("dragover", (event) => event.preventDefault());
  check.addEventListener("drop", (event) => {
    depth = 0;
    over(false);
    if (event.dataTransfer.files.length === 0) return; // text goes where it is dropped
    event.preventDefault();
    file.files = event.dataTransfer.files;
    say(`${file.files[0].name} is ready to be checked`);
  });
  check.addEventListener("submit", () => say("Checking …"));
  window.addEventListener("pageshow", () => say(""));
}

// Another operating point is a comparison, not another request.
const verdict = document.getElementById("verdict");
if (verdict && verdict.dataset.flag) {
  const bad = ["scraped", "hijacked", "spam"];
  const likeliest = () => bad.reduce((best, name) => (share(name) > share(best) ? name : best));
  const share = (name) => Number(verdict.getAttribute(`data-p-${name}`));
  const round = (value) => Math.round(value * 1e6) / 1e6;
  const label = document.getElementById("label");
  const sentence = document.getElementById("sentence");
  const decide = (input, aloud) => {
    const flagged = Number(verdict.dataset.flag) >= round(Number(input.dataset.threshold));
    const now = flagged ? likeliest() : "clean";
    label.textContent = now;
    label.className = `badge ${now}`;
    sentence.textContent = sentence.getAttribute(`data-${now}`);
    for (const tick of document.querySelectorAll(".tick")) tick.classList.toggle("on", tick.dataset.point === input.value);
    if (aloud) say(`At ${input.value}: ${flagged ? "flagged, " : ""}${now}`);
  };
  for (const input of document.querySelectorAll("input[name=point]")) {
    input.addEventListener("change", () => decide(input, true));
    if (input.checked) decide(input, false);
  }
  // A page that was just judged has an address of its own from now on.
  if (location.pathname === "/") history.replaceState(null, "", `/verdicts/${verdict.dataset.id}`);
}

// A number in the text leads to its evidence, folded or not: not every browser unfolds what a link leads to.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#e']");
  const folded = link && document.querySelector(link.hash)?.closest("details");
  if (folded) folded.open = true;
});

// A decision changes its own part of the page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const part = form.dataset.part;
  if (!part) return;
  event.preventDefault();
  const place = form.closest(part === "row" ? ".row" : "#decision");
  const data = new URLSearchParams(new FormData(form));
  data.set("part", part);
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  try {
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { accept: "text/html" } });
    if (!answer.ok) throw new Error(answer.status === 403 ? "The session is over: reload the page" : `The service answered ${answer.status}`);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
    place.replaceWith(fresh);
    fresh.focus({ preventScroll: part !== "row" });
    const label = data.get("label");
    say(label ? `Saved: ${label}` : "Taken back");
    document.dispatchEvent(new CustomEvent("decided", { detail: { place: fresh, undone: !label } }));
  } catch (error) {
    for (const button of form.querySelectorAll("button")) button.disabled = false;
    say(`${error.message}. Nothing was saved.`);
  }
});
