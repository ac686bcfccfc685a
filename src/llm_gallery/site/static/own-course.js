// A teacher's own course: the lessons that the address names, in that order, and what each builds on that is missing.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  const make = (tag, given, ...content) => {
    const made = Object.assign(document.createElement(tag), given);
    made.append(...content);
    return made;
  };
  const many = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

  const lessons = new Map([...document.querySelectorAll(".tile")].map((tile) => [tile.id, {
    tile,
    name: tile.querySelector("h3").textContent,
    short: tile.querySelector(".short").textContent,
    minutes: Number(tile.dataset.minutes),
    on: tile.dataset.on.split(" ").filter(Boolean),
  }]));

  // A lesson is asked for by its id, its name or its short name, in any case.
  const plain = (word) => word.trim().toLowerCase().replace(/[\s_]+/g, "-");
  const called = new Map();
  for (const [id, { name, short }] of lessons) for (const word of [short, name, id]) if (word) called.set(plain(word), id);

  // Letters to change from one word to another.
  const apart = (one, other) => {
    let row = [...Array(other.length + 1).keys()];
    for (const [i, letter] of [...one].entries()) {
      const next = [i + 1];
      for (let j = 0; j < other.length; j++) next.push(Math.min(next[j] + 1, row[j + 1] + 1, row[j] + (letter !== other[j])));
      row = next;
    }
    return row[other.length];
  };
  // The lesson whose name is nearest, unless most of its letters differ.
  const nearest = (word) => {
    let best = null, least = Math.max(1, word.length * 0.6);
    for (const [name, id] of called) {
      const letters = apart(plain(word), name);
      if (letters < least) [best, least] = [id, letters];
    }
    return best;
  };

  const asked = new URLSearchParams(location.search);
  const words = (asked.get("lessons") ?? "").split(",").filter((word) => word.trim());
  let course = [...new Set(words.map((word) => called.get(plain(word)) ?? word.trim()))];

  const query = (ids) => ids.map(encodeURIComponent).join(",");
  const title = (ids) => {
    const known = ids.filter((id) => lessons.has(id));
    const minutes = known.reduce((sum, id) => sum + lessons.get(id).minutes, 0);
    return known.length ? `Your course: ${many(known.length, "lesson")}, ${many(minutes, "minute")}` : "Your course: no lesson yet";
  };
  const copier = (address) => {
    const button = make("button", { type: "button", className: "button", textContent: "Copy address" });
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(address());
        button.textContent = "Copied";
      } catch { button.textContent = "Copy it from the address bar"; }
    });
    return button;
  };
  gallery.own = { make, lessons, query, title, copier, course: course.filter((id) => lessons.has(id)) };

  const own = document.getElementById("own");
  if (asked.has("make") || !asked.has("lessons")) return;

  // A change of the course keeps the focus: on `focus` in the lesson's row, or on its link.
  const change = (ids, id, focus) => {
    course = ids;
    const slides = /[?&](slides[^&]*)/.exec(location.search);
    history.replaceState(null, "", `?lessons=${query(course)}${slides ? `&${slides[1]}` : ""}${location.hash}`);
    show();
    const row = own.querySelector(`[data-id="${CSS.escape(id)}"]`);
    (row?.querySelector(`[data-act="${focus}"]:not(:disabled)`) ?? row?.querySelector("a") ?? own.querySelector("h1")).focus();
  };
  const before = (id, other) => {
    const rest = course.filter((one) => one !== other);
    rest.splice(rest.indexOf(id), 0, other);
    return rest;
  };
  const swapped = (at, to) => {
    const ids = [...course];
    [ids[at], ids[to]] = [ids[to], ids[at]];
    return ids;
  };
  const button = (text, label, act, done, disabled = false) => {
    const pressed = make("button", { type: "button", className: "button small", textContent: text, disabled });
    if (label) pressed.setAttribute("aria-label", label);
    pressed.dataset.act = act;
    pressed.addEventListener("click", done);
    return pressed;
  };

  const warnings = (id, at) => {
    const { name, on } = lessons.get(id);
    return on.flatMap((other) => {
      const place = course.indexOf(other);
      if (place >= 0 && place < at) return [];
      const [why, act] = place < 0 ? ["isn’t in this course", "Add it before"] : ["comes after it in this course", "Move it before"];
      const does = button(act, `${act}: ${lessons.get(other).name}`, "before", () => change(before(id, other), other));
      return [make("p", { className: "warning" }, `${name} builds on ${lessons.get(other).name}, which ${why}. `, does)];
    });
  };
  const row = (id, at) => {
    const { tile, name, short, minutes } = lessons.get(id);
    const link = make("a", { href: `${tile.querySelector("h3 a").getAttribute("href")}?course=${query(course.filter((one) => lessons.has(one)))}`, textContent: name });
    const facts = [short, minutes && `${minutes} min`].filter(Boolean).join(" · ");
    const taught = make("li", { className: tile.className.replace("tile", "") },
      tile.querySelector(".pic").cloneNode(true),
      make("div", { className: "taught" },
        make("h2", {}, link, " ", make("span", { className: "quiet", textContent: facts })),
        make("p", { textContent: tile.querySelector(".more p").textContent }),
        ...warnings(id, at)),
      make("div", { className: "moves" },
        button("↑", `Move ${name} up`, "up", () => change(swapped(at, at - 1), id, "up"), at === 0),
        button("↓", `Move ${name} down`, "down", () => change(swapped(at, at + 1), id, "down"), at === course.length - 1),
        button("×", `Take ${name} out`, "out", () => change(course.filter((one) => one !== id), course[at + 1] ?? course[at - 1], "out"))));
    taught.dataset.id = id;
    return taught;
  };
  const unknown = (word) => {
    const near = nearest(word);
    const out = button("Leave it out", `Leave it out: ${word}`, "out", () => change(course.filter((one) => one !== word)));
    const put = () => change([...new Set(course.map((one) => (one === word ? near : one)))], near);
    const told = make("li", { className: "unknown" }, make("p", { className: "warning" },
      `“${word}” is no lesson here${near ? `; the nearest is ${lessons.get(near).name}` : ""}. `,
      ...(near ? [button("Take that", `Take that: ${lessons.get(near).name}`, "take", put), " "] : []), out));
    told.dataset.id = word;
    return told;
  };

  const show = () => {
    document.title = `${title(course)} – LLM Architecture Gallery`;
    const change_it = make("a", { className: "button", href: `?make&lessons=${query(course)}`, textContent: "Pick lessons" });
    const print = make("button", { type: "button", className: "button", textContent: "Print" });
    print.addEventListener("click", () => globalThis.print());
    own.replaceChildren(
      make("div", { className: "title page" },
        make("div", {}, make("h1", { textContent: title(course), tabIndex: -1 }),
          make("p", { textContent: course.length ? "The link holds the whole course: share it." : "Pick lessons in the order in which you teach them." })),
        make("div", { className: "acts" }, copier(() => location.href), change_it, print, make("a", { className: "button", href: "index.html", textContent: "All lessons" }))),
      make("ol", { className: "rows" }, ...course.map((id, at) => (lessons.has(id) ? row(id, at) : unknown(id)))));
    own.querySelector(".acts").dataset.startSlides = "";
  };
  own.hidden = false;
  show();
})();
