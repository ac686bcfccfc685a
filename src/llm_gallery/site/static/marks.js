// What differs between two models, block by block: what answers to what, what replaces what, and what is equal.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

(() => {
  // What says most of a block is told first; what only follows from the rest isn't told at a block.
  const FIRST = ["experts", "used", "shared", "heads", "kv_heads", "window", "chunk", "selected", "ratio", "kv_rank", "state_dim", "qk_norm", "inner"];
  const LEFT = new Set(["score_scale", "original_context", "sharing", "place", "rope_scaling"]);
  const ENDS = { vocabulary: "head", tied: "head", multi_token_prediction: "head", width: "embedding", norm: "norm", final_norm: "norm", norm_placement: "norm" };
  const NONE = "–";
  const SHORT = { '"pre"': "pre-norm", '"post"': "post-norm", '"sandwich"': "sandwich", '"sum"': "on the sum", '"mixed"': "mixed", null: NONE };

  const small = (text) => (/^[A-Z][a-z]/.test(text) ? text[0].toLowerCase() + text.slice(1) : text);
  const change = (label, old, fresh) => {
    const noun = small(label.split(",")[0]);
    if (old === NONE && fresh === "yes") return { big: "added", noun };
    if (old === "yes" && fresh === NONE) return { big: "dropped", noun };
    return { big: `${old === NONE ? "none" : old} → ${fresh === NONE ? "none" : fresh}`, noun };
  };
  const rank = ([name]) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

  const changes = (a, b) => {
    const facts = new Map(a.facts.map((fact) => [fact[0], [fact, null]]));
    for (const fact of b.facts) facts.set(fact[0], [facts.get(fact[0])?.[0] ?? null, fact]);
    // Where each head has a key of its own none are counted: what is shared has another name.
    const shared = facts.get("kv_heads")?.includes(null) && a.title !== b.title;
    if (shared) facts.delete("kv_heads");
    const names = shared ? [{ big: `${a.title} → ${b.title}`, noun: "" }] : [];
    return [...names, ...[...facts].filter(([name, [old, fresh]]) => !LEFT.has(name) && JSON.stringify(old?.[3] ?? null) !== JSON.stringify(fresh?.[3] ?? null))
      .sort((x, y) => rank(x) - rank(y))
      .map(([, [old, fresh]]) => change((old ?? fresh)[1], old?.[2] ?? NONE, fresh?.[2] ?? NONE))];
  };

  // Of what the towers tell by name alone it is told where it stands.
  const placed = (old, fresh) => {
    const [from, to] = [old, fresh].map((part) => part.facts.find(([name]) => name === "place"));
    return from && to && from[3] !== to[3] ? [{ big: `${from[3]} → ${to[3]}`, noun: `layers with ${old.title}` }] : [];
  };
  const paths = ({ model, tower }, part) => tower.blocks.filter(([, , at]) => at !== null && model.parts[at] === part).map(([path]) => path);
  const titled = ({ model, tower }, part) => tower.blocks.find(([, , at]) => at !== null && model.parts[at] === part)?.[1] ?? part.title;

  // Parts that no mechanism joins replace each other by role, in the order in which they come.
  const replaced = (rows) => ["token_mixer", "channel_mixer"].flatMap((role) => {
    const of = (at) => rows.filter((row) => row[at] && !row[1 - at] && row[at].role === role).map((row) => row[at]);
    const [gone, come] = [of(0), of(1)];
    return Array.from({ length: Math.max(gone.length, come.length) }, (_, i) => [gone[i] ?? null, come[i] ?? null]);
  });

  const swap = (a, b, old, fresh) => {
    if (!old || !fresh) return [{ big: old ? titled(a, old) : titled(b, fresh), noun: old ? "dropped" : "added", whole: true }];
    const words = [titled(a, old), titled(b, fresh)];
    const told = words[0] === words[1] ? [old.title, fresh.title] : words;
    return [{ big: told.join(" → "), noun: "", whole: true }];
  };

  // `a` and `b` hold a model's file and its tower's; each mark has the paths of both sides.
  gallery.marks = (a, b) => {
    const rows = gallery.partRows([a.model, b.model]);
    const joined = rows.filter((row) => row[0] && row[1]).map(([old, fresh]) => {
      const unseen = !paths(a, old).length && !paths(b, fresh).length;
      return [old, fresh, [...changes(old, fresh), ...(unseen ? placed(old, fresh) : [])]];
    });
    const others = replaced(rows).map(([old, fresh]) => [old, fresh, swap(a, b, old, fresh)]);
    const marks = [...joined, ...others].map(([old, fresh, told]) => ({
      role: (old ?? fresh).role,
      title: fresh ? titled(b, fresh) : titled(a, old),
      paths: [old ? paths(a, old) : [], fresh ? paths(b, fresh) : []],
      changes: told,
    }));
    const traits = gallery.align([a.model, b.model])[0].rows.filter((row) => !row.same);
    for (const [end, title] of [["head", "Head"], ["embedding", "Embedding"], ["norm", "Norms"]]) {
      const own = traits.filter((row) => ENDS[row.name] === end && !(row.name === "final_norm" && traits.some((other) => other.name === "norm")));
      const held = [a, b].map(({ tower }) => (tower.ends[end] ? [tower.ends[end]] : []));
      marks.push({ role: end, title, paths: held, changes: own.map((row) => change(row.label, ...(row.name === "norm_placement" ? row.values.map((value) => SHORT[value]) : row.words))) });
    }
    const activation = traits.find((row) => row.name === "activation");
    const mlp = marks.find((mark) => mark.role === "channel_mixer" && mark.paths[0].length && mark.paths[1].length);
    if (activation && mlp) mlp.changes.push(change(activation.label, ...activation.words));
    return marks;
  };

  // Which marks words speak of: those whose numbers or names they hold, else all of the role that their theme has.
  const THEMES = { "Attention and state": ["token_mixer"], Positions: ["token_mixer"], "Experts and MLP": ["channel_mixer"], "Residual stream": ["norm"], "Input and output": ["head"] };
  gallery.spoken = (marks, theme, text) => {
    const lower = text.toLowerCase();
    const holds = ({ big, noun, whole }) => (whole ? big.split(" → ").some((word) => lower.includes(word.toLowerCase())) : text.includes(big) && big.includes("→") || (big.length > 4 && noun.length > 5 && lower.includes(noun)));
    const exact = marks.filter((mark) => mark.changes.some(holds));
    if (exact.length) return exact;
    if (theme === "Sizes") return marks.filter((mark) => (lower.includes("stream") ? mark.role === "embedding" : lower.includes("head") ? mark.role === "token_mixer" : lower.includes("mlp") && mark.role === "channel_mixer"));
    return marks.filter((mark) => mark.changes.length && (THEMES[theme] ?? []).includes(mark.role));
  };

  // What all have in common, in one sentence; empty where that is nothing.
  gallery.shared = (models) => {
    const [traits, ...sections] = gallery.align(models);
    const same = new Map(traits.rows.filter((row) => row.same).map((row) => [row.name, row.words[0]]));
    const parts = gallery.partRows(models).filter((row) => row.every(Boolean) && new Set(row.map((part) => part.title)).size === 1).map((row) => row[0].title);
    const position = new Set(sections.flatMap((section) => section.rows.filter((row) => row.name === "position").flatMap((row) => row.words)));
    const told = [
      ...(same.has("layers") ? [`${same.get("layers")} layers`] : []),
      ...(same.has("width") ? [`${same.get("width")} wide`] : []),
      ...new Set(parts),
      ...(position.size === 1 && ![...position][0].includes(NONE) ? [`${[...position][0]} positions`] : []),
      ...(same.has("activation") ? [same.get("activation")] : []),
      ...(same.has("norm") ? [same.get("norm") + (same.has("norm_placement") ? ` ${same.get("norm_placement")}` : "")] : []),
      ...(same.has("vocabulary") ? [`${same.get("vocabulary")} ids`] : []),
      ...(same.has("context") ? [`${same.get("context")} tokens of context`] : []),
    ];
    return told.length ? `${models.length > 2 ? "All" : "Both"}: ${told.join(", ")}.` : "";
  };
})();
