// Code that runs in the page: a reader changes a printed function, and sees what it moves in a miniature of the model.
"use strict";

(() => {
  const LONGEST = 10_000; // ms that code may run before it is stopped
  const PAUSE = 150; // ms after the last key in a dial
  const root = document.documentElement.dataset.root;

  // Words ------------------------------------------------------------------------------------------
  const RAISED = { "-": "⁻", 0: "⁰", 1: "¹", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶", 7: "⁷", 8: "⁸", 9: "⁹" };
  const number = (value) => {
    if (value === null) return "no number";
    const size = Math.abs(value);
    if (size === 0 || (size >= 0.001 && size < 1e6)) return String(+value.toPrecision(3));
    const [digits, power] = value.toExponential(0).split("e");
    return `${digits} × 10${[...power.replace("+", "")].map((sign) => RAISED[sign]).join("")}`;
  };
  const count = (value) => value.toLocaleString("en");
  const shape = (sizes) => sizes.join(" × ") || "one number";

  const begun = (host) => {
    const one = (selector) => host.querySelector(selector);
    const all = (selector) => [...host.querySelectorAll(selector)];
    const text = one("textarea");
    const original = text.value;
    const dials = all("[data-dial]");
    const say = (name, words) => { one(`[data-out="${name}"]`).textContent = words; };
    const state = (name) => { host.dataset.state = name; };

    // The editor: line numbers, indentation that goes on, a line that is wrong -----------------------
    const lines = one(".lines");
    const numbered = (wrong = 0) => {
      const typed = text.value.split("\n");
      const many = typed.length;
      lines.replaceChildren(...Array.from({ length: many }, (_, index) => {
        const line = document.createElement("span");
        line.textContent = index + 1;
        if (index + 1 === wrong) line.className = "wrong";
        return line;
      }));
      text.rows = many;
      text.cols = Math.max(40, ...typed.map((line) => line.length + 1));
    };
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); run(); return; }
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      const before = text.value.slice(0, text.selectionStart);
      const line = before.slice(before.lastIndexOf("\n") + 1);
      const deeper = line.trimEnd().endsWith(":") ? "    " : "";
      event.preventDefault();
      document.execCommand("insertText", false, `\n${line.match(/^ */)[0]}${deeper}`);
    });
    text.addEventListener("input", () => { numbered(); follow(); });

    // Dials: numbers of the code, wherever they are changed ------------------------------------------
    const place = ({ dataset: { dial, of } }) => of
      ? new RegExp(`^(${of} = .*\\b${dial}=)([-\\d_.e]+)`, "m")
      : new RegExp(`^(${dial} = )([-\\d_.e]+)`, "m");
    const follow = () => {
      for (const dial of dials) {
        const found = text.value.match(place(dial));
        if (found && dial !== document.activeElement) dial.value = found[2].replaceAll("_", "");
        dial.disabled = !found;
      }
    };
    let pause = 0;
    for (const dial of dials) {
      dial.addEventListener("input", () => {
        if (!dial.validity.valid || dial.value === "") return;
        text.value = text.value.replace(place(dial), (_, head) => head + dial.value);
        numbered();
        clearTimeout(pause);
        pause = setTimeout(run, PAUSE);
      });
    }

    // Who answers ------------------------------------------------------------------------------------
    let limit = 0;
    const ended = (words) => {
      clearTimeout(limit);
      python.stop(words);
    };
    const python = gallery.python(JSON.parse(host.dataset.parts), {
      progress: (share) => {
        state("loading");
        one("progress").value = share;
        say("share", share < 1 ? `${Math.round(100 * share)}%` : "starting …");
      },
      ready: () => {
        state("busy");
        clearTimeout(limit);
        limit = setTimeout(() => ended(`Stopped after ${LONGEST / 1000} seconds. Is there a loop that never ends?`), LONGEST);
      },
    });
    const address = new URL(host.dataset.run, location).href;
    const ask = async (name, asked) => {
      try {
        const { answer, took } = await python.ask(name, asked, address);
        return { ...answer, took };
      } finally { clearTimeout(limit); }
    };

    // What is shown ----------------------------------------------------------------------------------
    const refuse = (words, line) => {
      numbered(line ?? 0);
      say("refused", line ? `Line ${line}: ${words}` : words);
    };
    const moved = (found) => {
      const { output, scores, kept } = found;
      if (text.value === original) return "As printed. Change a line, or a number, and see what moves.";
      if (output.moved === 0 && scores.moved === 0) return kept.same
        ? "Your change moves nothing: the same numbers to the last bit."
        : "The model gives the same, but keeps other numbers for the tokens that come.";
      if (scores.moved === null) return "Your change gives something that is no number, or another shape.";
      if (output.moved === 0) return `The function gives the same, but the model’s scores move by up to ${number(scores.moved)}.`;
      const others = scores.likeliest ? `; at ${scores.likeliest} of ${scores.tokens} places another token is likeliest` : "; the likeliest tokens stay";
      return `Your change moves the ${host.dataset.scored} by up to ${number(scores.moved)}${others}.`;
    };
    const show = (found) => {
      say("refused", "");
      say("outcome", moved(found));
      say("took", `${Math.round(found.took)} ms`);
      say("shape-printed", shape(found.shape.printed));
      say("shape-yours", shape(found.shape.yours));
      say("kept-printed", count(found.kept.printed));
      const others = found.kept.yours === found.kept.printed && !found.kept.same;
      say("kept-yours", others ? `${count(found.kept.yours)}, others` : count(found.kept.yours));
      say("output-largest", `of ${number(found.output.largest)}`);
      say("output-moved", number(found.output.moved));
      say("scores-largest", `of ${number(found.scores.largest)}`);
      say("scores-moved", number(found.scores.moved));
      say("likeliest-of", `of ${found.scores.tokens}`);
      say("likeliest", count(found.scores.likeliest));
      say("apart", "…");
      say("apart-largest", "");
      const names = one("select");
      if (!names.length) names.replaceChildren(...found.views.map((name) => new Option(name, name, false, name === found.look)));
    };
    const checked = (found) => {
      if (found.failed) { say("apart", `fails: ${found.failed.said}`); return; }
      if (found.at_once) { say("apart", "each sees all others"); return; }
      say("apart-largest", `of ${number(found.largest)}`);
      say("apart", found.agree ? `${number(found.moved)}: the same` : `${number(found.moved)}: something else`);
    };

    // Numbers as cells: the darker, the larger; one colour above nothing, one below -------------------
    const colour = (name) => getComputedStyle(one(`.${name}`)).backgroundColor;
    const drawn = (canvas, panels, most) => {
      const [rows, channels] = [panels[0].length, panels[0][0].length];
      const across = channels > 32 ? 1 : Math.min(panels.length, 4);
      const down = Math.ceil(panels.length / across);
      canvas.width = across * (channels + 1) - 1;
      canvas.height = down * (rows + 1) - 1;
      const pen = canvas.getContext("2d");
      const [more, less, none] = ["more", "less", "none"].map(colour);
      panels.forEach((panel, index) => {
        const [left, top] = [(index % across) * (channels + 1), Math.floor(index / across) * (rows + 1)];
        panel.forEach((row, y) => row.forEach((value, x) => {
          pen.globalAlpha = 1;
          pen.fillStyle = none;
          pen.fillRect(left + x, top + y, 1, 1);
          pen.globalAlpha = value === null ? 0 : Math.abs(value) / most;
          pen.fillStyle = value > 0 ? more : less;
          pen.fillRect(left + x, top + y, 1, 1);
        }));
      });
    };
    const largest = (panels) => Math.max(1e-30, ...panels.flat(2).map((value) => Math.abs(value ?? 0)));
    let pictured = null;
    const picture = () => {
      if (!pictured) return;
      const { printed, yours } = pictured;
      const fits = yours && JSON.stringify([printed.length, printed[0].length, printed[0][0].length])
        === JSON.stringify([yours.length, yours[0].length, yours[0][0].length]);
      const most = largest(fits ? [printed, yours].flat() : printed);
      drawn(one('[data-view="printed"]'), printed, most);
      say("most", number(most));
      for (const name of ["yours", "difference"]) one(`[data-view="${name}"]`).closest("figure").hidden = !fits;
      if (!fits) return;
      drawn(one('[data-view="yours"]'), yours, most);
      const difference = printed.map((panel, p) => panel.map((row, y) => row.map((value, x) => (yours[p][y][x] ?? 0) - (value ?? 0))));
      const far = largest(difference);
      drawn(one('[data-view="difference"]'), difference, far);
      say("difference", far > 1e-30 ? `up to ${number(far)}` : "none");
    };
    const view = async () => {
      pictured = await ask("view", { name: one("select").value });
      say("view-shape", shape(pictured.shape));
      picture();
    };
    one("select").addEventListener("change", () => { view().catch((error) => refuse(error.message)); });
    new MutationObserver(picture).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", picture);

    // Running ----------------------------------------------------------------------------------------
    let running = false;
    let again = false;
    const run = async () => {
      clearTimeout(pause);
      if (running) { again = true; return; }
      running = true;
      let shown = host.dataset.shown === "";
      state("busy");
      try {
        const found = await ask("run", { code: text.value });
        say("said", found.printed);
        if (found.failed) refuse(found.failed.said, found.failed.line);
        else {
          numbered();
          show(found);
          shown = true;
          host.dataset.shown = "";
          await view();
          checked(await ask("check", {}));
        }
        host.dataset.older = found.failed && shown ? "yes" : "no";
      } catch (error) {
        refuse(error.message);
        host.dataset.older = shown ? "yes" : "no";
        again = false;
      }
      running = false;
      state(shown ? "shown" : "empty");
      if (again) { again = false; run(); }
    };
    one("[data-do=run]").addEventListener("click", run);
    one("[data-do=stop]").addEventListener("click", () => ended("Stopped."));
    one("[data-do=other]")?.addEventListener("click", ({ currentTarget }) => {
      text.value = currentTarget.dataset.code;
      numbered();
      follow();
      run();
    });
    one("[data-do=reset]").addEventListener("click", () => {
      text.value = original;
      numbered();
      follow();
      if (host.dataset.shown === "") run();
    });

    text.readOnly = false;
    numbered();
    state("empty");
  };

  for (const host of document.querySelectorAll(".run")) begun(host);
})();
