// Draws what the web page of local-slack leaves out, in Slack's manner: rich
// text, the buttons of feedback, and some fields of forms. blocks are those of
// the message or view that container shows; images are addresses by file id.
(container, blocks, images) => {
  const el = (tag, style, ...children) => {
    const e = document.createElement(tag);
    if (style) e.style.cssText = style;
    e.append(...children.filter((c) => c != null));
    return e;
  };
  const inline = (e) => {
    if (e.type === "link") {
      const a = el("a", "color:#1264a3;text-decoration:none", e.text || e.url);
      a.href = e.url;
      return styled(a, e.style);
    }
    if (e.type === "channel") return el("span", "color:#1264a3;background:#e8f5fa;border-radius:3px;padding:0 2px", "#cyber");
    return styled(el("span", "white-space:pre-wrap", e.text), e.style);
  };
  const styled = (node, s) => {
    if (s && s.bold) node.style.fontWeight = "700";
    if (s && s.italic) node.style.fontStyle = "italic";
    return node;
  };
  const rich = (e) => {
    switch (e.type) {
      case "rich_text_section":
        return el("div", "", ...e.elements.map(inline));
      case "rich_text_quote":
        return el("blockquote", "margin:4px 0;padding:0 0 0 12px;border-left:4px solid #ddd", ...e.elements.map(inline));
      case "rich_text_preformatted":
        return el("pre", "margin:4px 0;padding:8px;background:#f8f8f8;border:1px solid #ddd;border-radius:4px;font:12px/1.5 monospace;white-space:pre-wrap", ...e.elements.map(inline));
      case "rich_text_list": {
        const bar = e.border ? "border-left:4px solid #ddd;" : "";
        const marks = ["disc", "circle", "square"];
        return el("ul", bar + "margin:0;padding-left:" + (28 + 24 * e.indent) + "px;list-style:" + marks[e.indent % 3],
          ...e.elements.map((i) => el("li", "margin:0", ...i.elements.map(inline))));
      }
    }
    return el("span", "color:red", e.type);
  };
  const thumb = (up) => {
    const s = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    s.setAttribute("viewBox", "0 0 20 20");
    s.setAttribute("style", "width:16px;height:16px;vertical-align:-3px" + (up ? "" : ";transform:rotate(180deg)"));
    const p = document.createElementNS("http://www.w3.org/2000/svg", "path");
    p.setAttribute("d", "M2.5 9h3v8h-3zM6.5 9l3-6.5c1.3 0 2 .9 2 2V8h4.6c1 0 1.7.9 1.5 1.9l-1.1 5.6c-.2.9-.9 1.5-1.8 1.5H6.5z");
    p.setAttribute("fill", "none");
    p.setAttribute("stroke", "#616061");
    p.setAttribute("stroke-width", "1.5");
    p.setAttribute("stroke-linejoin", "round");
    s.append(p);
    return s;
  };
  const field = "border:1px solid #bbb;border-radius:4px;padding:7px 10px;font-size:15px;background:#fff";
  const draw = {
    rich_text: (b) => el("div", "margin:2px 0", ...b.elements.map(rich)),
    context_actions: () => el("div", "display:flex;gap:10px;margin:4px 0", thumb(true), thumb(false)),
    multi_static_select: (e) => el("div", field + ";display:flex;gap:6px;flex-wrap:wrap",
      ...(e.initial_options || []).map((o) => el("span", "background:#e8f5fa;border-radius:3px;padding:1px 6px", o.text.text + " ×"))),
    timepicker: (e) => el("div", field + ";width:90px", e.initial_time || "Select"),
    external_select: (e) => el("div", field, e.initial_option ? e.initial_option.text.text : e.placeholder.text),
  };
  const wanted = [];
  const visit = (v) => {
    if (Array.isArray(v)) return v.forEach(visit);
    if (!v || typeof v !== "object") return;
    if (draw[v.type]) return void wanted.push(v);
    visit(v.elements);
    visit(v.accessory);
    visit(v.element);
  };
  visit(blocks);
  for (const place of container.querySelectorAll(".bk-unknown")) {
    const type = place.textContent.slice(1, -1);
    const at = wanted.findIndex((w) => w.type === type);
    if (at >= 0) place.replaceWith(draw[type](wanted.splice(at, 1)[0]));
  }
  for (const menu of container.querySelectorAll(".bk-overflow")) {
    menu.replaceWith(el("span", "border:1px solid #bbb;border-radius:4px;padding:0 8px;height:26px;line-height:20px;font-weight:700", "…"));
  }
  const files = blocks.filter((b) => b.type === "image" && b.slack_file);
  container.querySelectorAll(".bk-image img").forEach((img, i) => {
    if (files[i]) img.src = images[files[i].slack_file.id];
    img.style.maxWidth = "420px";
  });
  // What the page does not fill in of itself.
  const inputs = blocks.filter((b) => b.type === "input");
  container.querySelectorAll(".bk-input").forEach((node, i) => {
    const e = inputs[i] && inputs[i].element;
    if (!e) return;
    const option = e.initial_option && e.initial_option.value;
    const select = node.querySelector("select");
    if (select && option) select.value = option;
    const at = e.type === "radio_buttons" ? e.options.findIndex((o) => o.value === option) : -1;
    if (at >= 0) node.querySelectorAll("input")[at].checked = true;
    const input = node.querySelector("input.bk-plain-input");
    if (input && e.multiline) {
      const area = el("textarea", "width:100%;min-height:64px;font:inherit;" + field, e.initial_value || "");
      area.placeholder = e.placeholder ? e.placeholder.text : "";
      input.replaceWith(area);
    }
    if (inputs[i].optional && node.querySelector(".bk-label")) {
      node.querySelector(".bk-label").append(el("span", "font-weight:400;color:#616061", " (optional)"));
    }
  });
  return wanted.map((w) => w.type).join(" ");
}
