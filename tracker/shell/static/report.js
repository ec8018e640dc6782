// The text of a report with its figures as boxes that move with the words and are never typed over.
// Without this script the figures stand in the text in their marks, and everything works the same.
(() => {
  "use strict";
  const form = document.querySelector("form[data-report]");
  const area = form && form.querySelector("textarea[name=text]");
  if (!area) return;
  const MARK = /⟦([^⟦⟧|]*)\|([^⟦⟧]+)⟧/g;
  const editor = document.createElement("div");
  let dirty = false;

  function box(value, name) {
    const span = document.createElement("span");
    span.className = "figure-chip";
    span.contentEditable = "false";
    span.dataset.figure = name;
    span.textContent = value;
    return span;
  }

  function paragraph(line) {
    const block = document.createElement("p");
    let at = 0;
    for (const match of line.matchAll(MARK)) {
      block.append(line.slice(at, match.index), box(match[1], match[2]));
      at = match.index + match[0].length;
    }
    block.append(line.slice(at));
    if (!block.textContent) block.append(document.createElement("br"));
    return block;
  }

  // What stands in the editor as the text that is sent: boxes in their marks, a line for each paragraph.
  function wordsOf(node) {
    if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/\u00a0/g, " ");
    if (node.nodeType !== Node.ELEMENT_NODE) return "";
    if (node.dataset.figure) return `⟦${node.textContent}|${node.dataset.figure}⟧`;
    if (node.tagName === "BR") return "\n";
    const inner = [...node.childNodes].map(wordsOf).join("");
    return /^(P|DIV|LI|H[1-6])$/.test(node.tagName) ? `\n${inner.replace(/\n$/, "")}` : inner;
  }

  function read() {
    return [...editor.childNodes].map(wordsOf).join("").replace(/^\n/, "");
  }

  function insert(node) {
    const selection = getSelection();
    let range = selection.rangeCount ? selection.getRangeAt(0) : null;
    if (!range || !editor.contains(range.commonAncestorContainer)) {
      range = document.createRange();
      range.selectNodeContents(editor.lastElementChild || editor);
      range.collapse(false);
    }
    range.deleteContents();
    range.insertNode(node);
    range.setStartAfter(node);
    range.collapse(true);
    selection.removeAllRanges();
    selection.addRange(range);
    changed();
  }

  function changed() {
    dirty = true;
    area.value = read();
  }

  function point(name) {
    for (const entry of document.querySelectorAll("[data-entry]")) {
      const isIt = entry.dataset.entry === name;
      entry.classList.toggle("is-pointed", isIt);
      if (!isIt) continue;
      entry.closest("details").open = true;
      entry.scrollIntoView({ block: "nearest" });
    }
  }

  editor.className = "form-control report-editor";
  editor.contentEditable = "true";
  editor.lang = "zh-CN";
  editor.setAttribute("role", "textbox");
  editor.setAttribute("aria-multiline", "true");
  editor.setAttribute("aria-label", form.querySelector(`label[for="${area.id}"]`).textContent);
  editor.append(...area.value.split("\n").map(paragraph));
  area.before(editor);
  area.hidden = true;

  editor.addEventListener("input", changed);
  editor.addEventListener("paste", (event) => {
    event.preventDefault();
    const lines = event.clipboardData.getData("text/plain").replace(/\r\n?/g, "\n").split("\n");
    const piece = document.createDocumentFragment();
    lines.forEach((line, nth) => {
      if (nth) piece.append(document.createElement("br"));
      piece.append(line);
    });
    const last = piece.lastChild;
    insert(piece.childNodes.length === 1 ? last : wrap(piece));
  });
  function wrap(piece) {
    const span = document.createElement("span");
    span.append(piece);
    return span;
  }
  editor.addEventListener("drop", (event) => event.preventDefault());
  editor.addEventListener("click", (event) => {
    if (event.target.dataset.figure) point(event.target.dataset.figure);
  });
  for (const button of document.querySelectorAll("[data-inserts]")) {
    button.hidden = false;
    button.addEventListener("mousedown", (event) => event.preventDefault());
    button.addEventListener("click", () => insert(box(button.dataset.value, button.dataset.inserts)));
  }
  form.addEventListener("submit", () => {
    area.value = read();
    dirty = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty) event.preventDefault();
  });
})();
