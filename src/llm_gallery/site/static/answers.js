// What a search is answered with, the best first: models, sets of them, lessons, pages, and two models compared.
"use strict";

gallery.take("answers", (finder, phrases, labels, { instead }, { lessons, pages, closed }) => {
  const { models, called, found, users, read, whole, slipped, named } = finder;
  const { bare, plain, fillers } = phrases;
  const MOST = 9;
  const [OF_SET, OF_LESSON] = [5, 3]; // models shown of a set, and of those that have what a lesson teaches
  const LICENCE = /^licen[cs]e[sd]?$/;

  const many = (count) => `${count} ${count === 1 ? "model" : "models"}`;
  const modelAt = (model, score, note = labels.model(model)) =>
    ({ score, kind: "Model", title: model.name, note, href: `models/${model.id}/index.html` });
  const lessonAt = ([id, name, text], score) => ({ score, kind: "Lesson", title: name, note: text, href: `concepts/${id}/index.html` });
  const pageAt = ({ title, text, path }, score) => ({ score, kind: title.startsWith("Course") ? "Course" : "Page", title, note: text, href: path });
  const setAt = (title, query, score, note = "") => ({ score, kind: "Models", title, note, query, href: `index.html?q=${encodeURIComponent(query).replaceAll("%20", "+")}` });

  // Words by which lessons and pages are found.
  const taught = lessons.map((lesson) => {
    const one = finder.having.find(({ facet, name }) => facet === "concept" && name === lesson[1]);
    const also = [...one?.also ?? [], ...lesson[3] ?? []];
    const said = [lesson[1], ...also].map(plain);
    return { lesson, said, list: said.join(" ").split(/[\s-]+/), all: plain(`${said.join(" ")} ${lesson[2]}`).split(/[^\p{L}\p{N}]+/u) };
  });
  const led = pages.map((page) => ({ page, said: [page.title, ...page.words].map(plain), list: [page.title, ...page.words].map(plain).join(" ").split(/[^\p{L}\p{N}]+/u) }));
  const vocabulary = new Set([...taught.flatMap(({ list }) => list), ...led.flatMap(({ list }) => list)]);

  const shut = (content) => {
    const core = bare(content.join(""));
    return closed.find(({ words }) => words.some((said) => core === bare(said) || (said.length > 5 && core.startsWith(bare(said)))));
  };

  // "X vs Y", "difference between X and Y", "compare X with Y".
  const sides = (text) => {
    const said = plain(text).trim().replace(/[?!.]+$/, "");
    const pair = /^(?:what(?:s|'s|’s| is) )?(?:the )?differences? between (.+?) and (.+)$/.exec(said) ?? /^compare (.+?) (?:and|with|to|against|vs\.?|versus) (.+)$/.exec(said);
    const parts = pair ? pair.slice(1) : said.split(/\s+(?:vs\.?|versus|compared (?:to|with))\s+/);
    return parts.length > 1 ? parts.map((part) => read(part)) : null;
  };
  const compared = (both) => {
    const lesson = ({ content }) => taught.find(({ said }) => said.some((words) => bare(words) === bare(content.join(""))))?.lesson;
    const taughtBoth = both.map(lesson);
    if (taughtBoth.every(Boolean)) return taughtBoth.map((one, i) => lessonAt(one, 120 - i));
    const best = both.map(({ content }) => {
      const fits = named(content);
      const family = content.length === 1 && !/\d/.test(content[0]) && fits[0]?.[1] < 100; // "kimi vs qwen": the newest of each
      return (family ? fits.toSorted(([a], [b]) => (a.date < b.date ? 1 : -1)) : fits)[0]?.[0];
    });
    if (!best.every(Boolean)) return [];
    const href = `compare/index.html?m=${best.map(({ id }) => id).join(",")}`;
    return [{ score: 120, kind: "Compare", title: best.map(({ name }) => name).join(" and "), note: "What changed, side by side.", href }, ...best.map((model, i) => modelAt(model, 110 - i))];
  };

  // A page for what is asked of a model: "cite kimi k2", "llama 3 8b vram".
  const tasks = (content) => led.flatMap(({ page, said }) => {
    if (page.on === undefined) return [];
    const task = said.find((words) => content.length > words.split(" ").length && words.split(" ").every((word) => content.includes(word)));
    const rest = task && content.filter((word) => !task.split(" ").includes(word));
    const [model, score] = (rest && named(rest)[0]) ?? [];
    if (!model || score < 55 || bare(rest.join("")).length < 3) return [];
    if (!page.on) return [modelAt(model, 110)];
    const href = page.on.startsWith("?") ? `${page.path}${page.on.replace("{id}", model.id)}` : `models/${model.id}/${page.on.startsWith("#") ? "index.html" : ""}${page.on}`;
    return [{ score: 110 + task.length / 100, kind: "Page", title: `${model.name}: ${page.of}`, note: page.text, href }, modelAt(model, 105)];
  });

  const pagesFor = (content, core) => led.flatMap(({ page, said, list }) => {
    if (!page.path || !core) return [];
    if (said.some((words) => bare(words) === core)) return [pageAt(page, 96)];
    if (content.every((word) => list.some((one) => one === word || (word.length > 2 && one.startsWith(word))))) return [pageAt(page, 64 + 20 * content.every((word) => list.includes(word)))];
    return content.every((word) => list.some(slipped(word))) ? [pageAt(page, 62)] : [];
  });

  const lessonsFor = (asked, core, slips) => {
    const meant = new Set(asked.words.flatMap(({ any }) => any.map((word) => called.get(bare(word.name ?? slips.get(word) ?? word))?.name)));
    const all = taught.flatMap(({ lesson, list, all, said }) => {
      if (said.some((words) => bare(words) === core)) return [{ ...lessonAt(lesson, 98), whole: true }];
      if (meant.has(lesson[1])) return [lessonAt(lesson, 98)];
      const has = (words) => asked.content.length && asked.content.every((word) => words.some((one) => one === word || (word.length > 2 && one.startsWith(word))));
      return has(list) ? [lessonAt(lesson, 63)] : has(all) ? [lessonAt(lesson, 45)] : [];
    });
    return all.sort((a, b) => b.score - a.score);
  };

  const answer = (text) => {
    const asked = read(text);
    const free = asked.content.filter((word) => !LICENCE.test(word));
    const content = free.length ? free : asked.content;
    const core = bare(content.join(""));
    const meant = new Map();
    const none = { asked, chips: [], meant: [], says: "", found: models, answers: [] };
    if (!asked.parts.length) return none;

    const both = sides(text);
    const isClosed = shut(content) ?? both?.map((side) => shut(side.content)).find(Boolean);
    if (isClosed && !named(content).some(([, score]) => score === 100)) {
      const of = isClosed.maker ? models.filter(({ org }) => org === isClosed.maker) : [];
      return { ...none, found: [], says: isClosed.says ?? `${isClosed.name} isn’t in the gallery: how it is built isn’t published.`,
        answers: of.length ? [setAt(`${many(of.length)} of ${isClosed.maker} with open weights`, isClosed.maker.toLowerCase(), 100), ...of.slice(0, OF_SET).map((model) => modelAt(model, 90))] : [] };
    }
    const pair = both ? compared(both) : [];
    if (pair.length) return { ...none, answers: pair };

    // What models know, what only lessons and pages know, and what nothing knows.
    const strange = asked.words.filter(({ any }) => !any.some((word) => users(models, word, new Map()).length));
    const rest = { ...asked, words: asked.words.filter((one) => !strange.includes(one)) };
    const parts = rest.words.length + rest.limits.length + Boolean(rest.order);
    const set = parts ? found(rest, meant) : [];
    const chips = parts ? labels.chips(rest, meant) : [];
    const learnt = lessonsFor({ ...rest, content }, core, meant);
    const ways = [...tasks(content), ...pagesFor(content, core)];
    const unknown = ways.length || learnt.some(({ whole: is, score }) => is || score === 63) ? [] : strange.flatMap(({ any }) => any).filter((word) => !vocabulary.has(word));
    const [whatever, ofWords] = [named(content, meant), rest.words.flatMap(({ typed }) => typed.split(" "))];
    const byName = whatever.length || ways.length ? whatever : named(ofWords, meant);
    const naming = parts > 0 && parts === rest.words.length && !ways.length && rest.words.every(({ any: [word], not }) => !not && !word.name && models.some((model) => whole(model.calls, word))) && byName.length > 0;
    const negated = parts === 1 && rest.words[0]?.not;
    const exact = learnt[0]?.score === 98 && parts === 1 && !negated && !finder.strong.includes(rest.words[0]?.any[0].facet);
    const alone = exact && rest.words.length === 1 && (rest.words[0].any[0].name ?? called.get(bare(rest.words[0].typed))?.name) === learnt[0].title;
    const query = strange.length ? asked.parts.filter((_, i) => !strange.some(({ at: [from, to] }) => i >= from && i < to)).join(" ") : text.trim();
    // Whether what was typed is what people call it, not a part of some longer word.
    const firm = rest.limits.length || rest.order || rest.words.every(({ any }) => any.every((word) => word.name || called.has(word) || finder.tokens.has(word)));

    const answers = [...ways, ...learnt.map((one) => (parts > 1 && one.score === 98 ? { ...one, score: one.whole ? 99.5 : 80 } : negated ? { ...one, score: 80 } : one))];
    if (set.length && (rest.order || set.length < models.length)) {
      const family = !(content.length > 1 && /\d[bt]$/.test(content.at(-1)));
      const score = naming && !alone ? (family && set.length > 1 ? 95 : 50) : alone ? 97 : 99;
      if (set.length > 1 || !naming) answers.push(setAt(alone ? `${many(set.length)} ${set.length === 1 ? "has" : "have"} it` : `${many(set.length)}: ${labels.all(chips)}`, query, firm && (alone || !exact) ? score : 62));
      if (rest.order?.field === "cache" && rest.order.sign > 0) answers.push(setAt(`${many(models.filter(({ cache }) => !cache).length)} keep no KV cache at all`, "no kv cache", 98));
      if (rest.order) set.slice(0, OF_SET).forEach((model, i) => answers.push(modelAt(model, i ? 90 - i : 100, `${labels.value(model, rest.order)} · ${labels.model(model)}`)));
      else if (!naming) set.slice(0, alone ? OF_LESSON : OF_SET).forEach((model, i) => answers.push(modelAt(model, (exact || !firm ? 60 : 90) - i)));
    }
    if (!rest.order) byName.slice(0, OF_SET + 1).forEach(([model, score]) => answers.push(modelAt(model, score)));
    for (const { lesson } of taught) {
      if (!learnt.some(({ href, score }) => score === 98 && href === lessonAt(lesson, 0).href)) continue;
      for (const { page } of led) if (page.lessons?.includes(lesson[0])) answers.push(pageAt(page, 65));
    }

    const seen = new Set();
    const sorted = answers.sort((a, b) => b.score - a.score).filter(({ href }) => !seen.has(href) && seen.add(href)).slice(0, MOST);
    const says = unknown.length ? `Nothing here is called “${unknown.map((word) => word.typed ?? word).join("”, “")}”.`
      : !sorted.length ? `Nothing here fits “${text.trim()}”.` : parts && !set.length && !byName.length ? "No model has all of it." : "";
    if (says && (!parts || !set.length)) for (const [words, ask, count] of instead(text)) sorted.push(setAt(words, ask, 0, many(count)));
    const onPages = ["Page", "Course"].includes(sorted[0]?.kind) && sorted[0].score < 110 && !(parts && firm);
    return { asked, chips: onPages || (parts === 1 && (naming || exact) && !alone) ? [] : chips, meant: [...meant], says, answers: sorted,
      found: strange.length ? (unknown.length || !(sorted[0]?.score > 60) ? [] : parts ? set : models) : onPages ? models : set };
  };

  return answer;
});
