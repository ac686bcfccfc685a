// Describe your own, by files: weights that are dropped or opened are checked by their headers, and nothing is sent.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// Files by their paths, of what was dropped: of a folder the files right in it, of several files a folder called so.
gallery.dropped = async (transfer) => {
  const MOST = 10_000;
  const items = [...transfer.items ?? []].filter(({ kind }) => kind === "file");
  const entries = items.map((item) => item.webkitGetAsEntry?.()).filter(Boolean); // asked for before any wait
  const loose = [...transfer.files];
  const [folder] = entries;
  if (entries.length !== 1 || !folder.isDirectory) return gallery.beside(loose);
  const reader = folder.createReader();
  const found = [];
  for (;;) { // a hundred at a time
    const some = await new Promise((give, fail) => { reader.readEntries(give, fail); });
    if (!some.length) break;
    found.push(...some.filter(({ isFile }) => isFile));
    if (found.length > MOST) throw new Error(`${folder.name} holds more than ${MOST.toLocaleString("en")} files; drop those of one model.`);
  }
  if (!found.length) throw new Error(`${folder.name} holds no files; drop the folder of a model, or its files.`);
  return Promise.all(found.map(async (entry) => [
    `${folder.name}/${entry.name}`,
    await new Promise((give, fail) => { entry.file(give, fail); }),
  ]));
};
gallery.beside = (files) => files.map((file) => [files.length === 1 ? file.name : `dropped/${file.name}`, file]);

// Whether files are weights, or lie with some: everything but one that may be a config.
gallery.ofWeights = ([[name, file], ...more]) => more.length > 0 || name.includes("/")
  || /\.(safetensors|gguf|bin|pt|pth|ckpt|pkl)$|\.index\.json$/i.test(name)
  || (file.size > 2 ** 20 && !name.endsWith(".json"));

gallery.files = (page, { read, cleared, described, refused, hopeless }) => {
  const status = document.querySelector("#verdict");
  const report = document.querySelector("#report");
  let until = ""; // the address that is taken away when others are dropped

  const made = (tag, text, className) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    if (className) element.className = className;
    return element;
  };
  const list = (className, items) => {
    const whole = made("ul", undefined, className);
    whole.append(...items);
    return whole;
  };

  // Lists of what is wrong stand open.
  const tensors = ({ title, fine, rows, more }) => {
    const fold = made("details", undefined, "fold");
    fold.open = !fine;
    fold.append(made("summary", title), list("tensors", rows.map(({ names, times, words }) => {
      const item = made("li");
      item.append(made("code", names), " ", made("span", [times, words].filter(Boolean).join(" "), "n"));
      return item;
    })));
    if (more) fold.append(made("p", more, "note"));
    return fold;
  };

  const shares = ({ title, rows }) => {
    const table = made("table", undefined, "shares");
    const head = made("tr");
    for (const name of [title, "Tensors", "Bytes", "Share", "Parameters"]) {
      const cell = made("th", name);
      cell.scope = "col";
      head.append(cell);
    }
    table.createTHead().append(head);
    const body = table.createTBody();
    for (const { name, tensors: count, bytes, share, percent, parameters } of rows) {
      const row = body.insertRow();
      const first = made("th", name);
      first.scope = "row";
      const bar = made("span", undefined, "bar");
      bar.style.width = `${100 * share}%`;
      first.append(bar);
      row.append(first, ...[count, bytes, percent, parameters].map((text) => made("td", text, "n")));
    }
    const frame = made("div", undefined, "scrolled");
    frame.tabIndex = 0;
    frame.role = "region";
    frame.ariaLabel = `Bytes by ${title.toLowerCase()}`;
    frame.append(table);
    return frame;
  };

  const show = ({ place, state, verdict, summary, faults, lists, shares: tables, remarks }, advice) => {
    const why = verdict.startsWith(`${state}: `) ? verdict.slice(state.length + 2) : "";
    status.replaceChildren(made("strong", `${place}: ${why ? state : verdict}`), ...(why ? [made("span", why)] : []));
    page.dataset.files = state;
    report.replaceChildren(
      ...summary.map((text) => made("p", text)),
      ...(advice ? [made("p", advice)] : []),
      ...(faults.length ? [list("faults", faults.map((text) => made("li", text)))] : []),
      ...lists.filter(({ fine }) => !fine).map(tensors),
      ...tables.map(shares),
      ...lists.filter(({ fine }) => fine).map(tensors),
      ...[...remarks, "The headers were read in this page; nothing of the weights was sent."].map((text) => made("p", text, "note")),
    );
  };

  const clear = () => {
    URL.revokeObjectURL(until);
    until = "";
    status.textContent = "";
    report.replaceChildren();
    delete page.dataset.files;
  };

  // What is asked about files that others follow is given up.
  const check = async (files, guess) => {
    clear();
    const own = until = URL.createObjectURL(new Blob(["held"]));
    status.textContent = files.length === 1 ? `Reading the header of ${files[0][0]} …` : `Reading the headers of ${files.length} files …`;
    page.dataset.files = "busy";
    cleared();
    try {
      const answer = await read(files, own, guess);
      if (until !== own) return;
      clear();
      const alone = !answer.config && !files.some(([name]) => /\.gguf$|(^|\/)config\.json$/.test(name));
      if (answer.report) show(answer.report, alone ? "Drop its config.json with it, and what it describes is compared." : "");
      else if (answer.config) {
        status.textContent = answer.refused;
        page.dataset.files = "refused";
      } else refused(answer.refused);
      if (answer.config) described(answer.config);
    } catch (error) {
      if (until !== own) return;
      clear();
      refused(hopeless(error));
    }
  };
  return { check, clear };
};
