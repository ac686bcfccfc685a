// A lesson within a teacher's own course, which its address carries: ?course=a,b,c. Where one stands takes the crumb's place.
"use strict";

(() => {
  const { lesson } = document.currentScript.dataset;
  const ids = (new URLSearchParams(location.search).get("course") ?? "").split(",").filter((id) => /^[\w.-]+$/.test(id));
  if (!ids.length) return;
  const { root } = document.documentElement.dataset;
  const query = ids.join(",");
  const at = ids.indexOf(lesson);

  const link = (href, text, more = "") => {
    const made = Object.assign(document.createElement("a"), { href, textContent: text });
    if (more) made.prepend(Object.assign(document.createElement("span"), { textContent: more }));
    return made;
  };
  const to = (id) => `../${id}/index.html?course=${query}`;
  const crumb = document.querySelector(".crumb");
  const words = at < 0 ? "Your course" : `Your course, ${at + 1} of ${ids.length}`;
  const slides = crumb.querySelector("button");
  crumb.setAttribute("aria-label", "Your course");
  crumb.classList.add("in-course");
  crumb.replaceChildren(link(`${root}learn/index.html?lessons=${query}`, words), ...(slides ? [" ", slides] : []));
  if (at < 0) return;

  // Names are loaded: the crumb has its height before they come.
  gallery.load("lessons", `${root}learn/lessons.js`).then((lessons) => {
    const known = (id) => id && Object.hasOwn(lessons, id);
    const [before, next] = [ids[at - 1], ids[at + 1]];
    const name = (id) => lessons[id][1] || lessons[id][0];
    const ways = [...(known(before) ? [link(to(before), name(before), "Before: ")] : []), ...(known(next) ? [link(to(next), name(next), "Next: ")] : [])];
    crumb.firstChild.after(...ways.flatMap((way) => [" · ", way]));

    const onward = document.querySelector(".onward") ?? document.querySelector(".lesson").appendChild(document.createElement("nav"));
    onward.className = "onward";
    onward.setAttribute("aria-label", "Your course, onward");
    onward.replaceChildren(
      known(before) ? link(to(before), lessons[before][0], "Before") : link(`${root}learn/index.html?lessons=${query}`, "All its lessons", "Your course"),
      known(next) ? link(to(next), lessons[next][0], "Next") : link(`${root}learn/index.html?lessons=${query}`, "Its end", "Your course"));
  });
})();
