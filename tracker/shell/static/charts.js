// Draws the charts of a page. Each lies behind an address; where one cannot be drawn, its place stays hidden and the
// table beside it says the same.
"use strict";

(() => {
  // Nothing of this asks for inline style or eval, which the pages' policy refuses.
  const OPTIONS = { ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true }, renderer: "svg", actions: false, logLevel: 1 };

  const draw = async (place) => {
    const answer = await fetch(place.dataset.chart, { headers: { Accept: "application/json" } });
    if (!answer.ok || !(answer.headers.get("Content-Type") || "").startsWith("application/json")) return;
    const spec = await answer.json();
    // The place is an image with a name of ours, which the library would write over; what lies in it is for the eye,
    // and the table for everybody.
    const inner = document.createElement("div");
    inner.setAttribute("aria-hidden", "true");
    place.replaceChildren(inner);
    place.hidden = false;
    try {
      await window.vegaEmbed(inner, spec, OPTIONS);
      place.dataset.drawn = "";
    } catch (error) {
      place.hidden = true;
    }
  };

  const drawAll = (within) => {
    for (const place of within.querySelectorAll("[data-chart]:not([data-asked])")) {
      place.dataset.asked = "";
      draw(place);
    }
  };

  if (!window.vegaEmbed) return;
  drawAll(document);
  document.body.addEventListener("htmx:load", (event) => drawAll(event.detail.elt));
})();
