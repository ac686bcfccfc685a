// Steps that play by themselves, each as long as its sentence is read; whoever moves on has taken over.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

// `to` shows a step, counted from 0, and may take its time; `at` says which one stands there, `count` how many there are.
gallery.player = (button, { to, at, count }) => {
  const PACE = 7000; // ms of a step
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let turn = 0; // the timer of the next step, while it plays
  const pause = () => {
    clearTimeout(turn);
    turn = 0;
    button.textContent = "Play";
  };
  const follow = () => {
    const own = turn = setTimeout(async () => {
      await to(at() + 1);
      if (turn !== own) return; // paused meanwhile
      if (at() < count() - 1) follow(); else pause();
    }, PACE);
  };
  button.addEventListener("click", async () => {
    if (turn) { pause(); return; }
    button.textContent = "Pause";
    follow();
    if (at() === count() - 1) await to(0);
  });
  // Nothing moves by itself for who asked for that.
  const offer = () => { button.hidden = still.matches; };
  still.addEventListener("change", () => { if (turn) pause(); if (at() >= 0) offer(); });
  return { pause, offer };
};
