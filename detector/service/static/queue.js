// The queue by keyboard: j k a c s, u to undo, Enter to open. Off while something is typed, or with the box unticked.
"use strict";
const rows = document.getElementById("rows");
const on = document.getElementById("keys-on");
let last = null; // the row decided last, for u

if (rows && on) {
  try {
    on.checked = localStorage.getItem("keys") !== "off";
    on.addEventListener("change", () => localStorage.setItem("keys", on.checked ? "on" : "off"));
  } catch {
    // A browser that keeps nothing: the box starts ticked every time.
  }
  const all = () => [...rows.querySelectorAll(".row")];
  const current = () => document.activeElement.closest(".row");
  const go = (row) => {
    if (!row) return false;
    row.focus();
    row.scrollIntoView({ block: "nearest" });
    return true;
  };
  const step = (by) => {
    const list = all();
    const at = list.indexOf(current());
    return go(at < 0 ? list[by > 0 ? 0 : list.length - 1] : list[at + by]);
  };
  const press = (row, act) => {
    const button = row && row.querySelector(`[data-act=${act}]`);
    if (button) button.click();
    return Boolean(button);
  };
  // A key that cannot do what it is for says which one can.
  const instead = (row, words) => {
    say(!row ? "Press j to go to a row first" : row.classList.contains("is-decided") ? "Decided already: press u to undo it, or j for the next" : words);
    return true;
  };
  const keys = {
    j: () => step(1),
    k: () => step(-1),
    s: () => step(1),
    a: () => press(current(), "agree") || instead(current(), "Not judged: press c to say what it is"),
    u: () => press(current() && current().querySelector("[data-act=undo]") ? current() : last, "undo") || (say("Nothing to undo here"), true),
    c: () => {
      const row = current();
      const box = row && row.querySelector(".correct");
      if (!box) return instead(row);
      box.open = true;
      box.querySelector("select").focus();
      return true;
    },
    Enter: () => {
      const row = current();
      if (!row || document.activeElement !== row) return false;
      row.querySelector("a.open").click();
      return true;
    },
    Escape: () => {
      const box = document.activeElement.closest(".correct[open]");
      if (!box) return false;
      box.open = false;
      return go(box.closest(".row"));
    },
  };
  document.addEventListener("keydown", (event) => {
    if (!on.checked || event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (typing && event.key !== "Escape") return;
    const act = keys[event.key];
    if (act && act()) event.preventDefault();
  });
  document.addEventListener("decided", (event) => {
    const { place, undone } = event.detail;
    last = undone ? null : place;
    // On to the next one that waits; after an undo the row itself is looked at again.
    if (!undone) {
      const list = all();
      const next = list.slice(list.indexOf(place) + 1).find((row) => !row.classList.contains("is-decided"));
      go(next || place);
    }
  });
}
