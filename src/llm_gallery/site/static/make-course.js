// "Make a course": lessons are pressed in the order in which they are to be taught; the address holds them.
"use strict";

(() => {
  if (!document.documentElement.classList.contains("making")) return;
  const { make, lessons, query, title, copier, course } = gallery.own;
  let ids = course;

  const picks = new Map([...lessons].map(([id, { tile }]) => {
    const badge = make("span", { className: "badge n" });
    const pick = make("button", { type: "button", className: "pick" }, badge);
    pick.addEventListener("click", () => {
      ids = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
      show();
    });
    tile.querySelector("h3 a").tabIndex = -1;
    tile.append(pick);
    return [id, [pick, badge]];
  }));

  const said = make("p", { className: "said" });
  said.setAttribute("role", "status");
  const address = make("input", { readOnly: true });
  address.setAttribute("aria-label", "Address of your course");
  address.addEventListener("focus", () => address.select());
  const see = make("a", { className: "button strong", textContent: "See it" });
  const anew = make("button", { type: "button", className: "button", textContent: "Start anew" });
  anew.addEventListener("click", () => { ids = []; show(); });
  const tray = make("section", { className: "course-tray" }, make("div", { className: "wrap" }, said, address, copier(() => address.value), anew, see));
  tray.setAttribute("aria-label", "Your course");
  document.getElementById("main").append(tray);

  const leave = document.getElementById("make");
  leave.textContent = "All lessons";
  leave.href = "index.html";
  document.querySelector(".learn-title h1").textContent = "Make a course";
  document.querySelector(".learn-title p").textContent = "Press lessons in the order in which you teach them. What a lesson builds on is ringed.";

  const show = () => {
    for (const [id, [pick, badge]] of picks) {
      const at = ids.indexOf(id);
      pick.setAttribute("aria-pressed", `${at >= 0}`);
      pick.setAttribute("aria-label", at < 0 ? lessons.get(id).name : `${lessons.get(id).name}, ${at + 1}`);
      badge.textContent = at < 0 ? "" : `${at + 1}`;
    }
    said.textContent = title(ids);
    see.setAttribute("href", `?lessons=${query(ids)}`);
    address.value = see.href;
    history.replaceState(null, "", ids.length ? `?make&lessons=${query(ids)}` : "?make");
  };
  show();
})();
