// What makes reading easier where scripts run; every page works without it.
"use strict";

const marks = () => Array.from(document.querySelectorAll("main mark"));
let current = -1;

function step(by) {
  const all = marks().filter((mark) => mark.getClientRects().length);
  if (!all.length) return;
  if (current < 0) {
    // Begin from where the reader is, not from the top.
    const here = all.findIndex((mark) => mark.getBoundingClientRect().top > 0);
    current = by > 0 ? Math.max(here, 0) - 1 : here < 0 ? all.length : here;
  }
  current = (current + by + all.length) % all.length;
  const mark = all[current];
  mark.tabIndex = -1;
  mark.scrollIntoView({ block: "center" });
  mark.focus({ preventScroll: true });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").select();
  } else if (event.key === "n") step(1);
  else if (event.key === "p") step(-1);
});

// Buttons by each citation copy it, whole or its address alone. They are made here, for without scripts, or where the
// browser lets no page write to the clipboard, they could do nothing.
const copying = (label, text, told) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = label;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text);
      told.textContent = "Copied.";
    } catch {
      told.textContent = "The browser did not let it be copied.";
    }
  });
  return button;
};
for (const cite of navigator.clipboard ? document.querySelectorAll(".cite") : []) {
  const path = cite.querySelector("code").textContent;
  const address = path.startsWith("/") ? location.origin + path : path;
  const row = document.createElement("p");
  row.className = "copies copy ui";
  const told = document.createElement("span");
  told.setAttribute("role", "status");
  row.append(
    copying("Copy the citation", `${cite.querySelector(".whole").textContent} ${address}`, told),
    copying("Copy the address", address, told),
    told,
  );
  cite.querySelector("code").parentElement.after(row);
}

// The section in view is marked in the contents.
const entries = new Map();
for (const link of document.querySelectorAll("nav[aria-label=Contents] a")) {
  const heading = document.getElementById(link.hash.slice(1));
  if (heading) entries.set(heading, link);
}
if (entries.size) {
  const headings = Array.from(entries.keys());
  let waiting = false;
  const follow = () => {
    waiting = false;
    let here = null;
    for (const heading of headings) {
      if (heading.getBoundingClientRect().top > 120) break;
      here = heading;
    }
    for (const [heading, link] of entries) {
      if (heading === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  addEventListener("scroll", () => {
    if (!waiting) { waiting = true; requestAnimationFrame(follow); }
  }, { passive: true });
  follow();
}
