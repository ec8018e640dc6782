// What a page can do better with a script. Every page works without it.
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const typing = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
  const busy = new Set();

  // Keys: / to search, ? for help, arrows between the rows of a list.
  function stepBetweenRows(event) {
    const row = event.target.closest(".rows tbody tr");
    if (!row) return;
    const links = $$(".row-link", row.closest("tbody"));
    const at = links.indexOf($(".row-link", row));
    const next = links[at + (event.key === "ArrowDown" ? 1 : -1)];
    if (at < 0 || !next) return;
    event.preventDefault();
    next.focus();
  }

  function openKeys() {
    const keys = $("#keys");
    if (keys && keys.showModal && !keys.open) keys.showModal();
  }

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeDrops(null);
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "/" && $("#search")) {
      event.preventDefault();
      $("#search").focus();
    } else if (event.key === "?") {
      openKeys();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      stepBetweenRows(event);
    }
  });

  // The conditions of a list are folded away on a telephone.
  function fold(button, folded) {
    button.closest("form").classList.toggle("folded", folded);
    button.setAttribute("aria-expanded", String(!folded));
  }

  // Panels close when one presses elsewhere; a press on a row follows its link.
  function closeDrops(inside) {
    for (const drop of $$("details.drop[open], details.more[open]")) {
      if (!inside || !drop.contains(inside)) drop.open = false;
    }
  }

  document.addEventListener("click", (event) => {
    closeDrops(event.target);
    if (event.target.closest("[data-opens=keys]")) openKeys();
    const folds = event.target.closest("[data-folds]");
    if (folds) fold(folds, folds.getAttribute("aria-expanded") === "true");
    const row = event.target.closest(".rows tbody tr");
    if (!row || event.target.closest("a, button, input, label, select, summary, td.choose")) return;
    const link = $(".row-link", row);
    if (!link || String(getSelection())) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });

  // Choosing rows: the count, the buttons that need it, all rows of the page.
  function boxes(id) {
    return $$('input[name="chosen"]').filter((box) => box.getAttribute("form") === id);
  }

  function showChosen(bulk) {
    const all = boxes(bulk.id);
    const chosen = all.filter((box) => box.checked).length;
    const everything = $('input[name="all_matching"]', bulk);
    $("[data-bulk-count]", bulk).textContent = String(chosen);
    $(".n", bulk).hidden = chosen === 0;
    const idle = chosen === 0 && !(everything && everything.checked);
    bulk.classList.toggle("idle", idle);
    for (const button of $$("button", bulk)) button.disabled = idle;
    for (const head of $$(`[data-choose-all="${bulk.id}"]`)) {
      head.checked = chosen > 0 && chosen === all.length;
      head.indeterminate = chosen > 0 && chosen < all.length;
    }
  }

  document.addEventListener("change", (event) => {
    const head = event.target.dataset.chooseAll;
    if (head) for (const box of boxes(head)) box.checked = event.target.checked;
    const filled = event.target.dataset.fills;
    if (filled && event.target.value) document.getElementById(filled).value = event.target.value;
    $$("form[data-bulk]").forEach(showChosen);
  });

  // One press, one post: buttons rest until the answer is there.
  function restButtons(form) {
    busy.add(form);
    form.setAttribute("aria-busy", "true");
    for (const button of $$("button", form)) if (!button.disabled) button.dataset.resting = button.disabled = true;
  }

  function wakeButtons() {
    for (const form of busy) form.removeAttribute("aria-busy");
    busy.clear();
    for (const button of $$("button[data-resting]")) {
      button.disabled = false;
      delete button.dataset.resting;
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-repeatable")) return;
    if (busy.has(form)) event.preventDefault();
    else setTimeout(() => restButtons(form)); // later, so that the pressed button's own value is still sent
  });

  // A draft is kept while it is written; whoever leaves the page leaves the last words to the browser.
  const written = new Set();

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.dataset.keptAt) written.add(form);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.keptAt) return;
    // What is sent is no draft any more: none may arrive behind it.
    written.delete(event.target);
    event.target.dataset.sent = "";
    if (window.htmx) htmx.trigger("#kept", "htmx:abort");
  });
  for (const name of ["htmx:beforeRequest", "htmx:afterRequest"]) {
    document.addEventListener(name, (event) => {
      if (event.detail.elt.id !== "kept") return;
      const isSent = "sent" in $("form[data-kept-at]").dataset;
      if (isSent) event.preventDefault();
      else if (name === "htmx:beforeRequest") written.clear();
      else if (!event.detail.successful) written.add($("form[data-kept-at]"));
    });
  }
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && written.size && window.htmx) htmx.trigger("#kept", "keep");
  });
  window.addEventListener("pagehide", () => {
    for (const form of written) navigator.sendBeacon(form.dataset.keptAt, new FormData(form));
    written.clear();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted && $("form[data-kept-at]")) location.reload();
  });

  // A part of a page that got no answer: say so, and leave what was typed.
  for (const name of ["htmx:sendError", "htmx:responseError"]) {
    document.addEventListener(name, (event) => {
      const xhr = event.detail.xhr;
      if (xhr && xhr.status >= 400 && xhr.status < 500) return;
      const flash = document.createElement("p");
      flash.className = "flash flash-error";
      flash.textContent = $("#flashes").dataset.failed;
      $("#flashes").replaceChildren(flash);
    });
  }

  function prepare() {
    for (const button of $$("[data-folds][hidden]")) fold(button, true);
    for (const node of $$("[data-opens], [data-folds], .date-pick")) node.hidden = false;
    $$("form[data-bulk]").forEach(showChosen);
  }

  document.documentElement.classList.add("js");
  prepare();
  window.addEventListener("pageshow", () => { wakeButtons(); prepare(); });
  document.addEventListener("htmx:load", prepare);
  const summary = $("#error-summary");
  if (summary) summary.focus();
})();
