// The wall: screens driven by keys. All is in the page; nothing is asked of the server.
"use strict";
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const screens = $$(".screen");
  const TWO_DIGITS_MS = 700;
  let at = 0;
  let typed = "";
  let timer = 0;
  const SHOWN = 8;
  let hits = [];
  let chosen = 0;

  function show(number) {
    clearTimeout(timer);
    typed = "";
    at = Math.max(0, Math.min(screens.length - 1, number));
    screens.forEach((screen, nth) => { screen.hidden = nth !== at; });
    history.replaceState(null, "", `#${at + 1}`);
    $("#wall").focus({ preventScroll: true });
  }

  function toUnit(number) {
    const found = screens.findIndex((screen) => screen.dataset.unit === String(number));
    if (number === 0) show(0);
    else if (found >= 0) show(found);
  }

  // Two digits that follow each other at once are one number, where there are so many units.
  function digit(key) {
    clearTimeout(timer);
    typed += key;
    const most = Math.max(...screens.map((screen) => Number(screen.dataset.unit)));
    const settle = () => { const number = Number(typed); typed = ""; toUnit(number); };
    if (typed === "0" || typed.length === 2 || Number(typed) * 10 > most) settle();
    else timer = setTimeout(settle, TWO_DIGITS_MS);
  }

  const items = $$("[data-item]").map((node) => ({
    node, number: node.dataset.item, text: $(".finding", node).textContent,
    screen: screens.indexOf(node.closest(".screen")),
  }));

  function list() {
    const words = $("#find").value.trim();
    chosen = 0;
    hits = words ? items.filter((each) => each.number.includes(words) || each.text.includes(words)) : [];
    $("#found").replaceChildren(...(hits.length || !words ? hits.slice(0, SHOWN) : [null]).map((hit) => {
      const line = document.createElement("li");
      line.setAttribute("role", "option");
      line.textContent = hit ? `${hit.number}　${hit.text}` : $("#found").dataset.none;
      if (hit) line.addEventListener("click", () => open(hit));
      return line;
    }));
    mark();
  }

  // The hit that Enter opens.
  function mark() {
    [...$("#found").children].forEach((line, nth) => line.setAttribute("aria-selected", String(nth === chosen)));
  }

  function choose(step) {
    chosen = Math.max(0, Math.min(Math.min(hits.length, SHOWN) - 1, chosen + step));
    mark();
  }

  function open(hit) {
    closeAll();
    show(hit.screen);
    for (const each of items) each.node.classList.toggle("hit", each === hit);
  }

  function closeAll() {
    const wasOpen = !$("#finder").hidden || !$("#wall-keys").hidden;
    $("#finder").hidden = $("#wall-keys").hidden = true;
    return wasOpen;
  }

  function find() {
    closeAll();
    $("#finder").hidden = false;
    $("#find").value = "";
    list();
    $("#find").focus();
  }

  function theme() {
    const root = document.documentElement;
    root.dataset.wall = root.dataset.wall === "dark" ? "light" : "dark";
  }

  function leave() {
    if (closeAll()) $("#wall").focus();
    else if (document.fullscreenElement) document.exitFullscreen();
    else location.assign($("#leave").href);
  }

  function full() {
    if (document.fullscreenElement) document.exitFullscreen();
    else document.documentElement.requestFullscreen();
  }

  const KEYS = {
    ArrowRight: () => show(at + 1), ArrowDown: () => show(at + 1), PageDown: () => show(at + 1), " ": () => show(at + 1),
    ArrowLeft: () => show(at - 1), ArrowUp: () => show(at - 1), PageUp: () => show(at - 1),
    Home: () => show(0), End: () => show(screens.length - 1),
    "/": find, t: theme, f: full, Escape: leave, "?": () => { $("#wall-keys").hidden = !$("#wall-keys").hidden; },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.id === "find") {
      if (event.key === "Enter" && hits[chosen]) open(hits[chosen]);
      else if (event.key === "ArrowDown" || event.key === "ArrowUp") choose(event.key === "ArrowDown" ? 1 : -1);
      else if (event.key === "Escape") leave();
      else return;
      event.preventDefault();
      return;
    }
    if (event.target.closest("button, a") && (event.key === " " || event.key === "Enter")) return;
    if (/^[0-9]$/.test(event.key)) digit(event.key);
    else if (KEYS[event.key]) KEYS[event.key]();
    else return;
    event.preventDefault();
  });
  $("#find").addEventListener("input", list);
  document.addEventListener("click", (event) => {
    const go = event.target.closest("[data-go]");
    if (go) show(at + Number(go.dataset.go));
    else if (event.target.closest("[data-keys]")) KEYS["?"]();
  });
  document.documentElement.classList.add("driven");
  if (matchMedia("(prefers-color-scheme: dark)").matches) theme();
  show(Number(location.hash.slice(1)) - 1 || 0);
})();
