// The panel under the search field of every page: a list of answers to choose from, the best first, and what was understood.
"use strict";

(() => {
  const root = document.documentElement.dataset.root;
  const form = document.getElementById("search");
  const field = document.getElementById("q");
  const inGallery = Boolean(document.getElementById("cards"));
  const made = (tag, properties, ...inside) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...inside);
    return element;
  };
  const list = made("div", { id: "answers", role: "listbox", ariaLabel: "Answers" });
  const [says, chips, told] = [made("p", { className: "says" }), made("p", { className: "chips" }), made("p", { className: "unseen", role: "status" })];
  const panel = made("div", { id: "found", hidden: true }, says, chips, list);
  form.append(panel, told);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-controls", "answers"], ["aria-expanded", "false"]]) field.setAttribute(name, value);

  let active = -1;
  const options = () => [...list.children];
  const mark = (at) => {
    active = at;
    options().forEach((option, i) => option.setAttribute("aria-selected", i === at));
    if (at < 0) field.removeAttribute("aria-activedescendant");
    else {
      field.setAttribute("aria-activedescendant", options()[at].id);
      options()[at].scrollIntoView({ block: "nearest" });
    }
  };
  const open = (is) => {
    panel.hidden = !is;
    field.setAttribute("aria-expanded", is && list.children.length > 0);
    if (!is) mark(-1);
  };

  const ask = (text) => {
    field.value = text;
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  };
  // In the gallery a set of models is shown by filtering what is there.
  const take = (event, query) => {
    if (!inGallery || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    ask(query);
    open(false);
    field.dispatchEvent(new Event("taken"));
  };
  const option = ({ kind, title, note, href, query }, i) => {
    const one = made("a", { id: `answer-${i}`, role: "option", tabIndex: -1, href: root + href, ariaSelected: "false" },
      made("b", { textContent: title }), made("span", { className: "kind", textContent: kind }), made("span", { className: "about", textContent: note }));
    if (query !== undefined) one.addEventListener("click", (event) => take(event, query));
    return one;
  };

  let asked = 0;
  const show = async () => {
    const [text, own] = [field.value, (asked += 1)];
    if (!text.trim()) { open(false); list.replaceChildren(); told.textContent = ""; return; }
    let answer = null;
    try {
      answer = (await gallery.engine()).answer(text);
    } catch (error) {
      answer = { says: `Nothing can be searched: ${error.message}. Load the page again.`, answers: [], chips: [], meant: [] };
    }
    if (own !== asked || document.activeElement !== field) return;
    says.textContent = answer.says;
    chips.replaceChildren(...gallery.understood(answer.chips, answer.meant, ask));
    list.replaceChildren(...answer.answers.map(option));
    active = -1;
    field.removeAttribute("aria-activedescendant");
    const count = answer.answers.length;
    told.textContent = `${answer.says} ${count} ${count === 1 ? "answer" : "answers"}${count ? `, first ${answer.answers[0].kind.toLowerCase()} ${answer.answers[0].title}` : ""}`.trim();
    open(true);
  };

  // The active answer, else the first, as if it were clicked with the same keys held.
  const choose = ({ ctrlKey = false, metaKey = false, shiftKey = false } = {}) =>
    options()[Math.max(active, 0)]?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, ctrlKey, metaKey, shiftKey }));

  field.addEventListener("input", show);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const [shown, all] = [!panel.hidden, options()];
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (shown) open(false); else if (field.value) ask(""); else field.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!shown) show();
      else if (all.length) mark((active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1) + all.length) % all.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (shown) choose(event); else show().then(() => choose(event));
    }
  });
  form.addEventListener("focusout", (event) => { if (!form.contains(event.relatedTarget)) open(false); });
  list.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the focus
  // What was typed, or sent, before this was loaded.
  const sent = form.hasAttribute("data-sent");
  if (document.activeElement === field && field.value && (sent || !inGallery)) show().then(() => { if (sent) choose(); });
  gallery.take("panel", true);
})();
