// Files one by one, each with how far it is: chosen, dropped or photographed. Without script the form sends them.
(() => {
  "use strict";
  const zone = document.querySelector("[data-upload]");
  if (!zone) return;
  const form = zone.closest("form");
  const list = zone.querySelector(".uploads");
  const token = form.querySelector("[name=csrf_token]").value;
  const words = (name) => zone.dataset["words" + name];
  const queue = [];
  let sending = false;

  function node(name, className, text) {
    const made = document.createElement(name);
    if (className) made.className = className;
    if (text) made.textContent = text;
    return made;
  }

  function show(file) {
    const line = node("li");
    const bar = node("progress");
    bar.max = 100;
    bar.value = 0;
    bar.setAttribute("aria-label", file.name);
    const told = node("span", "told", words("Waiting"));
    line.append(node("b", "", file.name), bar, told);
    list.append(line);
    return { file, line, bar, told };
  }

  function refused(entry, text, mayRetry) {
    entry.line.className = "refused";
    entry.told.textContent = text;
    entry.bar.hidden = true;
    if (!mayRetry) return;
    const again = node("button", "btn btn-plain", words("Again"));
    again.type = "button";
    again.addEventListener("click", () => {
      again.remove();
      entry.line.className = "";
      entry.bar.hidden = false;
      entry.told.textContent = words("Waiting");
      queue.push(entry);
      next();
    });
    entry.line.append(again);
  }

  function answered(entry, request) {
    let told = {};
    try { told = JSON.parse(request.responseText); } catch { /* a page, not data */ }
    if (request.status === 201) {
      entry.line.className = "sent";
      entry.bar.value = 100;
      entry.told.textContent = words("Sent").replace("{serial}", told.serial);
    } else if (told.refusal) {
      refused(entry, told.refusal, request.status === 503);
    } else if (request.status === 413) {
      refused(entry, words("Large"), false);
    } else {
      refused(entry, request.status >= 500 || !request.status ? words("Failed") : words("Session"), true);
    }
    finished();
  }

  function send(entry) {
    const data = new FormData();
    data.append("csrf_token", token);
    data.append("file", entry.file, entry.file.name);
    const request = new XMLHttpRequest();
    request.open("POST", zone.dataset.upload);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const percent = Math.floor((event.loaded / event.total) * 100);
      entry.bar.value = percent;
      entry.told.textContent = percent + "%";
    });
    request.addEventListener("load", () => answered(entry, request));
    request.addEventListener("error", () => { refused(entry, words("Failed"), true); finished(); });
    request.send(data);
  }

  function next() {
    if (sending) return;
    const entry = queue.shift();
    if (!entry) return;
    sending = true;
    send(entry);
  }

  // All there: back to the item at once; when something was refused its words stay.
  function finished() {
    sending = false;
    if (queue.length) return next();
    if (!list.querySelector(".refused")) location.assign(zone.dataset.done);
    else zone.querySelector(".uploads-done").hidden = !list.querySelector(".sent");
  }

  function take(files) {
    for (const file of files) {
      const entry = show(file);
      if (file.size > zone.dataset.limitMb * 1048576) refused(entry, words("Large"), false);
      else queue.push(entry);
    }
    next();
  }

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.add("over"); });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, (event) => { event.preventDefault(); zone.classList.remove("over"); });
  }
  zone.addEventListener("drop", (event) => take(event.dataTransfer.files));
  zone.addEventListener("change", (event) => {
    if (event.target.type !== "file") return;
    take([...event.target.files]);
    event.target.value = "";
  });
  addEventListener("beforeunload", (event) => { if (sending) event.preventDefault(); });
  zone.querySelector(".drop-words").hidden = false;
  form.querySelector(".form-acts [type=submit]").hidden = true;
})();
