// Zoom of a drawing: its width grows and its box scrolls, so panning, momentum and keys are the browser's own.
"use strict";

globalThis.gallery = globalThis.gallery ?? {};

gallery.zoom = (stage, told) => {
  const MOST = 8;
  let scale = 1;
  let base = 0; // width of the drawing at 100 %
  let drawing = null;

  // Whether the drawing reaches over its box; where it doesn't, a drag moves the page that it stands in.
  const overflows = () => stage.scrollWidth > stage.clientWidth || stage.scrollHeight > stage.clientHeight;

  const show = () => {
    stage.classList.toggle("zoomed", scale !== 1);
    stage.classList.toggle("movable", overflows());
    told(scale);
  };

  // The scale at which nothing reaches over the box; boxes that grow with their drawing bound its width alone.
  const whole = () => {
    const style = getComputedStyle(stage);
    const inside = (size, ...sides) => sides.reduce((rest, side) => rest - parseFloat(style[`padding${side}`]), size);
    const dock = document.querySelector(".dock");
    const covered = dock && getComputedStyle(dock).position === "fixed" ? dock.offsetHeight : 0;
    const figure = stage.closest(".figure");
    const around = figure ? (figure.querySelector(".tool")?.offsetHeight ?? 0) + figure.offsetHeight - figure.clientHeight : 0; // its bar and borders
    const tops = [...document.querySelectorAll(".top, .on-page")].reduce((sum, bar) => sum + bar.offsetHeight, 0);
    const seen = innerHeight - covered - tops - around;
    const high = stage.closest(":fullscreen") ? stage.clientHeight : parseFloat(style.maxHeight) || seen;
    const { width, height, top } = drawing.getBoundingClientRect();
    const above = top - stage.getBoundingClientRect().top - stage.clientTop + stage.scrollTop; // padding, the tree's dates
    const across = inside(stage.clientWidth, "Left", "Right") / width;
    return Math.min(1, scale * Math.min(across, (inside(high, "Bottom") - above) / height));
  };

  const reset = () => {
    scale = 1;
    stage.style.height = "";
    if (drawing) drawing.style.width = drawing.style.height = drawing.style.maxWidth = "";
    show();
  };

  // To another scale; what lies under the point (x, y) of the window stays there.
  const to = (wanted, x, y) => {
    if (!drawing) return;
    if (scale === 1) base = drawing.getBoundingClientRect().width;
    const least = whole();
    if (Math.abs(wanted - 1) < 0.01 || base === 0) {
      reset();
      return;
    }
    stage.style.height = wanted > 1 ? `${stage.offsetHeight}px` : "";
    const box = stage.getBoundingClientRect();
    const before = drawing.getBoundingClientRect();
    const [px, py] = [x ?? box.left + box.width / 2, y ?? box.top + box.height / 2];
    const [u, v] = [(px - before.left) / before.width, (py - before.top) / before.height];
    scale = Math.min(MOST, Math.max(least, wanted));
    drawing.style.width = `${base * scale}px`;
    drawing.style.height = "auto";
    drawing.style.maxWidth = "none";
    const after = drawing.getBoundingClientRect();
    stage.scrollLeft += after.left + u * after.width - px;
    stage.scrollTop += after.top + v * after.height - py;
    show();
  };

  const fit = () => { if (drawing) to(whole()); };

  stage.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey) return; // a plain wheel scrolls the page
    event.preventDefault();
    to(scale * Math.exp(-event.deltaY / 200), event.clientX, event.clientY);
  }, { passive: false });

  stage.addEventListener("dblclick", (event) => to(scale > 1.9 ? 1 : 2, event.clientX, event.clientY));

  stage.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "+" || event.key === "=") to(scale * 1.25);
    else if (event.key === "-") to(scale / 1.25);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });

  let from = null; // a mouse drags the drawing; a finger scrolls its box
  stage.addEventListener("pointerdown", (event) => {
    if (event.pointerType !== "mouse" || event.button !== 0 || !drawing) return;
    from = { x: event.clientX, y: event.clientY, left: stage.scrollLeft, top: stage.scrollTop, page: scrollY, far: false };
  });
  addEventListener("pointermove", (event) => {
    if (!from) return;
    const [dx, dy] = [event.clientX - from.x, event.clientY - from.y];
    if (!from.far && Math.hypot(dx, dy) < 4) return;
    from.far = true;
    stage.classList.add("held");
    stage.scrollTo(from.left - dx, from.top - dy);
    if (stage.scrollHeight <= stage.clientHeight) scrollTo({ top: from.page - dy, behavior: "instant" });
  });
  addEventListener("pointerup", () => {
    if (from?.far) addEventListener("click", (event) => event.stopPropagation(), { capture: true, once: true });
    from = null;
    stage.classList.remove("held");
  });

  const sizes = new ResizeObserver(() => stage.classList.toggle("movable", overflows()));

  let apart = 0; // distance of two fingers
  const span = (touches) =>
    Math.hypot(touches[0].clientX - touches[1].clientX, touches[0].clientY - touches[1].clientY);
  stage.addEventListener("touchstart", (event) => {
    if (event.touches.length === 2) apart = span(event.touches);
  }, { passive: true });
  stage.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 2 || !apart) return;
    event.preventDefault();
    const now = span(event.touches);
    const [a, b] = event.touches;
    to(scale * (now / apart), (a.clientX + b.clientX) / 2, (a.clientY + b.clientY) / 2);
    apart = now;
  }, { passive: false });

  return {
    by: (factor) => to(scale * factor),
    to: (wanted) => to(wanted),
    fit,
    reset,
    small: () => scale < 1,
    // Its size is told once the page is laid out anyway; to ask for it now would lay it out twice.
    drawing: (svg) => {
      if (drawing) reset();
      drawing = svg;
      sizes.disconnect();
      for (const box of [stage, svg]) if (box) sizes.observe(box);
    },
  };
};
