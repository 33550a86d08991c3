/* The editor of swim-lane charts. Without it the page shows the same chart and offers forms. */

import { BOX_H, DATA_H, HEAD, SHOWN_LINKS, TOP, layout } from "./layout.js";

const SVG = "http://www.w3.org/2000/svg";
const KINDS = { task: "环节", start: "开始", end: "结束", gateway: "判断" };
const MOST_STEPS = 200;

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  Object.entries(attributes || {}).forEach(([name, value]) => {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  });
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function draw(tag, attributes, text) {
  const element = document.createElementNS(SVG, tag);
  Object.entries(attributes || {}).forEach(([name, value]) => element.setAttribute(name, value));
  if (text !== undefined) element.textContent = text;
  return element;
}

/* Text in lines of so many Chinese characters, as http/drawing.py breaks it. */
function fits(text, width) {
  let used = 0;
  const characters = Array.from(text);
  for (let n = 0; n < characters.length; n += 1) {
    used += characters[n].codePointAt(0) > 0x2e7f ? 1 : 0.56;
    if (used > width) return Math.max(n, 1);
  }
  return characters.length;
}

function cut(text, width) {
  const characters = Array.from(text);
  const at = fits(text, width);
  return at >= characters.length ? text
    : characters.slice(0, Math.max(fits(text, width - 1), 1)).join("") + "…";
}

function wrapped(text, width, most) {
  const lines = [];
  let rest = text;
  while (rest && lines.length < most - 1) {
    const at = fits(rest, width);
    lines.push(Array.from(rest).slice(0, at).join(""));
    rest = Array.from(rest).slice(at).join("").trimStart();
  }
  if (rest) lines.push(cut(rest, width));
  return lines;
}

class Editor {
  constructor(holder, given) {
    this.holder = holder;
    this.given = given;
    this.names = given.names;
    this.edition = given.edition;
    this.model = { lanes: given.lanes, phases: given.phases, nodes: given.nodes, flows: given.flows };
    this.saved = JSON.stringify(this.model);
    this.past = [];
    this.future = [];
    this.chosen = "";
    this.from = "";
    this.build();
    this.show();
  }

  /* The frame: commands, drawing, properties of what is chosen. */
  build() {
    const command = (label, act, more) => make("button", { type: "button", class: "btn btn-s", onclick: act, ...more }, label);
    this.undoButton = command("撤销", () => this.undo(), { "aria-keyshortcuts": "Control+Z" });
    this.redoButton = command("重做", () => this.redo(), { "aria-keyshortcuts": "Control+Y" });
    this.connectButton = command("连线", () => this.connect(), { "aria-pressed": "false" });
    this.deleteButton = command("删除", () => this.remove());
    this.saveButton = make("button", { type: "button", class: "btn btn-s btn-primary", onclick: () => this.save(), "aria-keyshortcuts": "Control+S" }, "保存");
    this.state = make("span", { class: "sw-state", role: "status" });
    this.note = make("div", { class: "sw-note", "aria-live": "assertive", hidden: true });
    const bar = make("div", { class: "sw-bar", role: "toolbar", "aria-label": "编辑" },
      command("添加泳道", () => this.addLane()), command("添加阶段", () => this.addPhase()),
      command("添加环节", () => this.addNode("task")), command("添加开始", () => this.addNode("start")),
      command("添加判断", () => this.addNode("gateway")), command("添加结束", () => this.addNode("end")),
      this.connectButton, this.deleteButton, this.undoButton, this.redoButton, this.saveButton, this.state);
    this.canvas = this.holder.querySelector(".swim-canvas");
    this.canvas.removeAttribute("tabindex");
    this.props = make("div", { class: "sw-props", role: "region", "aria-label": "属性" });
    const split = make("div", { class: "sw-split" });
    this.canvas.replaceWith(split);
    split.append(this.canvas, this.props);
    this.holder.prepend(bar, this.note);
    this.canvas.addEventListener("keydown", (event) => this.onKey(event));
    this.holder.addEventListener("keydown", (event) => this.onShortcut(event));
    window.addEventListener("beforeunload", (event) => { if (this.isChanged()) event.preventDefault(); });
  }

  isChanged() { return JSON.stringify(this.model) !== this.saved; }

  /* Changes: each is one step that can be undone. */
  change(act) {
    const before = JSON.stringify(this.model);
    act(this.model);
    if (JSON.stringify(this.model) === before) return;
    this.past.push(before);
    if (this.past.length > MOST_STEPS) this.past.shift();
    this.future = [];
    this.show();
  }

  undo() { this.travel(this.past, this.future); }

  redo() { this.travel(this.future, this.past); }

  travel(source, target) {
    if (!source.length) return;
    target.push(JSON.stringify(this.model));
    this.model = JSON.parse(source.pop());
    if (!this.part(this.chosen)) this.chosen = "";
    this.show();
  }

  fresh(prefix) {
    const random = crypto.getRandomValues(new Uint32Array(2));
    return `${prefix}_${random[0].toString(36)}${random[1].toString(36)}`;
  }

  part(key) {
    const { lanes, phases, nodes, flows } = this.model;
    return [...lanes, ...phases, ...nodes, ...flows].find((part) => part.key === key) || null;
  }

  listOf(key) {
    return ["lanes", "phases", "nodes", "flows"].find((name) => this.model[name].some((part) => part.key === key));
  }

  addLane() {
    const key = this.fresh("lane");
    this.change((model) => {
      model.lanes.push({ key, name: `泳道 ${model.lanes.length + 1}`, department: "" });
      this.chosen = key;
    });
    this.editName();
  }

  addPhase() {
    const key = this.fresh("phase");
    this.change((model) => {
      model.phases.push({ key, name: `阶段 ${model.phases.length + 1}` });
      this.chosen = key;
    });
    this.editName();
  }

  addNode(kind) {
    if (!this.model.lanes.length) { this.tell("请先添加泳道。"); return; }
    const key = this.fresh("node");
    const chosen = this.part(this.chosen);
    const list = this.listOf(this.chosen);
    this.change((model) => {
      const lane = list === "nodes" ? chosen.lane : list === "lanes" ? chosen.key : model.lanes[0].key;
      const first = model.phases.length ? model.phases[0].key : "";
      const phase = list === "nodes" ? chosen.phase : list === "phases" ? chosen.key : first;
      const name = kind === "task" ? `环节 ${model.nodes.filter((n) => n.kind === "task").length + 1}` : "";
      model.nodes.push({ key, name, lane, phase, kind, item: "", system: "", links: [] });
      if (list === "nodes" && chosen.kind !== "end" && kind !== "start") {
        model.flows.push({ key: this.fresh("flow"), source: chosen.key, target: key, name: "" });
      }
      this.chosen = key;
    });
    if (kind === "task") this.editName(); else this.focusChosen();
  }

  remove() {
    const key = this.chosen;
    const part = this.part(key);
    if (!part) { this.tell("请先选中要删除的部分。"); return; }
    if (this.listOf(key) === "lanes" && this.model.lanes.length === 1 && this.model.nodes.length) {
      this.tell("只剩一条泳道，其中还有环节，不能删除。");
      return;
    }
    this.change((model) => {
      model.nodes = model.nodes.filter((node) => node.key !== key && node.lane !== key);
      model.nodes.forEach((node) => { if (node.phase === key) node.phase = ""; });
      model.lanes = model.lanes.filter((lane) => lane.key !== key);
      model.phases = model.phases.filter((phase) => phase.key !== key);
      const kept = new Set(model.nodes.map((node) => node.key));
      model.flows = model.flows.filter((flow) => flow.key !== key && kept.has(flow.source) && kept.has(flow.target));
      this.chosen = "";
    });
    this.tell("已删除，可撤销。");
    const first = this.canvas.querySelector(".sw-part");
    if (first) first.focus();
  }

  connect() {
    const part = this.part(this.chosen);
    if (this.from) { this.from = ""; this.show(); return; }
    if (!part || this.listOf(this.chosen) !== "nodes") { this.tell("请先选中连线的起点环节。"); return; }
    this.from = this.chosen;
    this.show();
    this.tell("请选中终点环节；按 Esc 取消。");
  }

  link(source, target) {
    this.from = "";
    const known = this.model.flows.some((flow) => flow.source === source && flow.target === target);
    if (source === target || known) { this.show(); return; }
    this.change((model) => model.flows.push({ key: this.fresh("flow"), source, target, name: "" }));
  }

  /* Move what is chosen: a node to the next lane or phase, a lane or a phase among its own. */
  move(dx, dy) {
    const key = this.chosen;
    const list = this.listOf(key);
    this.change((model) => {
      if (list === "nodes") {
        const node = model.nodes.find((one) => one.key === key);
        const lanes = model.lanes.map((lane) => lane.key);
        const phases = model.phases.map((phase) => phase.key);
        const lane = lanes.indexOf(node.lane) + dy;
        const phase = phases.indexOf(node.phase) + dx;
        if (lanes[lane]) node.lane = lanes[lane];
        if (dx && phases[phase]) node.phase = phases[phase];
      } else if (list === "lanes" || list === "phases") {
        const row = model[list];
        const at = row.findIndex((one) => one.key === key);
        const to = at + (list === "lanes" ? dy : dx);
        if (to >= 0 && to < row.length) row.splice(to, 0, ...row.splice(at, 1));
      }
    });
    this.focusChosen();
  }

  /* Keys: arrows go from part to part, with Shift they move the part. */
  onKey(event) {
    const arrows = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[event.key];
    if (arrow && event.shiftKey) this.move(...arrow);
    else if (arrow) this.go(...arrow);
    else if (event.key === "Enter" || event.key === " ") this.enter();
    else if (event.key === "Delete" || event.key === "Backspace") this.remove();
    else if (event.key === "Escape" && this.from) { this.from = ""; this.show(); } else return;
    event.preventDefault();
  }

  onShortcut(event) {
    if (!event.ctrlKey && !event.metaKey) return;
    const key = event.key.toLowerCase();
    const isText = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (key === "s") this.save();
    else if (key === "z" && !isText) { if (event.shiftKey) this.redo(); else this.undo(); } else if (key === "y" && !isText) this.redo();
    else return;
    event.preventDefault();
  }

  enter() {
    if (this.from && this.listOf(this.chosen) === "nodes") { this.link(this.from, this.chosen); this.focusChosen(); return; }
    this.editName();
  }

  /* Go to the nearest part in a direction. */
  go(dx, dy) {
    const parts = Array.from(this.canvas.querySelectorAll(".sw-part:not(.sw-edge)"));
    const now = parts.find((part) => part.dataset.key === this.chosen);
    if (!now) { if (parts.length) parts[0].focus(); return; }
    const centre = (part) => [Number(part.dataset.x), Number(part.dataset.y)];
    const [x, y] = centre(now);
    let best = null, least = Infinity;
    parts.forEach((part) => {
      const [px, py] = centre(part);
      const along = (px - x) * dx + (py - y) * dy;
      const across = Math.abs((px - x) * dy) + Math.abs((py - y) * dx);
      const cost = along + across * 2.5;
      if (part !== now && along > 4 && cost < least) { best = part; least = cost; }
    });
    if (best) best.focus();
  }

  choose(key) {
    if (this.from && this.from !== key && this.pointing && this.listOf(key) === "nodes") {
      const from = this.from;
      this.chosen = key;
      this.link(from, key);
      return;
    }
    if (this.chosen === key) return;
    this.chosen = key;
    this.canvas.querySelectorAll(".sw-part").forEach((part) => {
      const isChosen = part.dataset.key === key;
      part.classList.toggle("is-chosen", isChosen);
      part.setAttribute("tabindex", isChosen ? "0" : "-1");
    });
    this.showProps();
  }

  focusChosen() {
    const part = this.canvas.querySelector(`[data-key="${CSS.escape(this.chosen)}"]`);
    if (part) { part.focus({ preventScroll: true }); part.scrollIntoView({ block: "nearest", inline: "nearest" }); }
  }

  editName() {
    const field = this.props.querySelector("[data-name]");
    if (field) { field.focus(); field.select(); }
  }

  /* The drawing */
  show() {
    const places = layout(this.model);
    this.texts = new Map();
    const hadFocus = this.canvas.contains(document.activeElement);
    const svg = draw("svg", {
      class: "swim-svg" + (this.from ? " is-connecting" : ""), width: places.width, height: places.height,
      viewBox: `0 0 ${places.width} ${places.height}`, role: "group", "aria-label": `${this.given.title}，可编辑`,
    });
    const defs = draw("defs");
    const marker = draw("marker", { id: "sw-end", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8, markerHeight: 8, orient: "auto" });
    marker.append(draw("path", { class: "sw-tip", d: "M0 0L8 4L0 8z" }));
    defs.append(marker);
    svg.append(defs);
    this.model.lanes.forEach((lane) => {
      const box = places.lanes.get(lane.key);
      svg.append(draw("rect", { class: "sw-row", x: 0, y: box.y, width: box.w, height: box.h }));
    });
    this.model.phases.forEach((phase) => this.drawPhase(svg, phase, places));
    this.model.lanes.forEach((lane) => this.drawLane(svg, lane, places.lanes.get(lane.key)));
    this.model.flows.forEach((flow) => this.drawFlow(svg, flow, places.flows.get(flow.key)));
    this.model.nodes.forEach((node) => this.drawNode(svg, node, places.nodes.get(node.key)));
    svg.append(...this.texts.values());
    const left = this.canvas.scrollLeft, top = this.canvas.scrollTop;
    this.canvas.replaceChildren(svg);
    this.canvas.scrollTo(left, top);
    const first = svg.querySelector(".is-chosen") || svg.querySelector(".sw-part");
    if (first) first.setAttribute("tabindex", "0");
    if (hadFocus) this.focusChosen();
    this.places = places;
    this.showProps();
    this.showState();
  }

  /* What is written on a part lies above it: a part's full name is its label. */
  words(key, css) {
    const group = draw("g", { class: `sw-words ${css}`, "aria-hidden": "true" });
    this.texts.set(key, group);
    return group;
  }

  asPart(group, key, label, x, y) {
    group.classList.add("sw-part");
    if (key === this.chosen) group.classList.add("is-chosen");
    group.dataset.key = key;
    group.dataset.x = x;
    group.dataset.y = y;
    group.setAttribute("tabindex", "-1");
    group.setAttribute("role", "button");
    group.setAttribute("aria-label", label);
    group.addEventListener("focus", () => this.choose(key));
    group.addEventListener("pointerdown", (event) => this.onPointer(event, key, group));
    group.addEventListener("dblclick", () => this.editName());
    return group;
  }

  drawLane(svg, lane, box) {
    const group = draw("g", { class: "sw-lane" });
    group.append(draw("rect", { class: "sw-head", x: 0, y: box.y, width: HEAD, height: box.h }));
    this.write(this.words(lane.key, "sw-lane"), wrapped(lane.name, 8, 3), HEAD / 2, box.cy);
    svg.append(this.asPart(group, lane.key, `泳道 ${lane.name}`, HEAD / 2, box.cy));
  }

  drawPhase(svg, phase, places) {
    const box = places.phases.get(phase.key);
    const group = draw("g", { class: "sw-phase" });
    group.append(draw("rect", { class: "sw-head", x: box.x, y: 0, width: box.w, height: TOP }));
    svg.append(draw("path", { class: "sw-cut", d: `M${box.x} ${TOP}V${places.height}` }));
    this.write(this.words(phase.key, "sw-phase"), wrapped(phase.name, 9, 1), box.cx, TOP / 2);
    svg.append(this.asPart(group, phase.key, `阶段 ${phase.name}`, box.cx, TOP / 2));
  }

  drawFlow(svg, flow, points) {
    const d = "M" + points.map((point) => point.join(" ")).join("L");
    const group = draw("g", { class: "sw-edge" });
    group.append(draw("path", { class: "sw-hit", d }), draw("path", { class: "sw-flow", d, "marker-end": "url(#sw-end)" }));
    if (flow.name) this.words(flow.key, "sw-edge").append(draw("text", { class: "sw-word", x: points[0][0] + 6, y: points[0][1] - 6 }, cut(flow.name, 5)));
    const label = `连线 ${this.nameOf(flow.source)} 到 ${this.nameOf(flow.target)}`;
    const middle = points[Math.floor(points.length / 2)];
    svg.append(this.asPart(group, flow.key, label, middle[0], middle[1]));
  }

  drawNode(svg, node, box) {
    const group = draw("g", { class: `sw-node sw-${node.kind}` });
    if (node.kind === "task") group.append(draw("rect", { class: "sw-box", x: box.x, y: box.y, width: box.w, height: box.h, rx: 5 }));
    else if (node.kind === "gateway") group.append(draw("polygon", { class: "sw-box", points: `${box.cx},${box.y} ${box.right},${box.cy} ${box.cx},${box.bottom} ${box.x},${box.cy}` }));
    else group.append(draw("circle", { class: "sw-box", cx: box.cx, cy: box.cy, r: 16 }));
    const words = this.words(node.key, `sw-${node.kind}`);
    if (node.kind === "task") this.write(words, wrapped(node.name, 9, 2), box.cx, box.cy);
    else if (node.name) words.append(draw("text", { x: box.cx, y: box.bottom + 14 }, cut(node.name, 9)));
    node.links.slice(0, SHOWN_LINKS).forEach((link, n) => {
      const y = box.y + BOX_H + 14 + n * DATA_H;
      const text = `${this.relation(link.relation)} ${this.names[link.entry] || link.entry}`;
      words.append(draw("rect", { class: `sw-dot sw-dot-${link.relation}`, x: box.x + 3, y: y - 9, width: 9, height: 9, rx: 2 }),
        draw("text", { class: "sw-data", x: box.x + 18, y }, cut(text, 10)));
    });
    if (node.links.length > SHOWN_LINKS) {
      words.append(draw("text", { class: "sw-data", x: box.x + 18, y: box.y + BOX_H + 14 + SHOWN_LINKS * DATA_H }, `另有 ${node.links.length - SHOWN_LINKS} 项`));
    }
    const lane = this.model.lanes.find((one) => one.key === node.lane);
    const phase = this.model.phases.find((one) => one.key === node.phase);
    const label = `${KINDS[node.kind]} ${node.name}，泳道 ${lane.name}${phase ? `，阶段 ${phase.name}` : ""}${node.links.map((link) => `，${this.relation(link.relation)} ${this.names[link.entry] || link.entry}`).join("")}`;
    svg.append(this.asPart(group, node.key, label, box.cx, box.cy));
  }

  write(group, lines, x, y) {
    const top = y - (lines.length - 1) * 9 + 5;
    lines.forEach((line, n) => group.append(draw("text", { x, y: top + n * 18 }, line)));
  }

  /* Drag a node into another lane or phase. */
  onPointer(event, key, group) {
    this.pointing = true;
    group.focus({ preventScroll: true });
    this.choose(key);
    this.pointing = false;
    if (this.listOf(key) !== "nodes" || event.button || !group.isConnected) return;
    const start = [event.clientX, event.clientY];
    let isDragged = false;
    const onMove = (now) => {
      const dx = now.clientX - start[0], dy = now.clientY - start[1];
      if (!isDragged && Math.hypot(dx, dy) < 6) return;
      isDragged = true;
      group.classList.add("is-dragged");
      [group, this.texts.get(key)].forEach((one) => one.setAttribute("transform", `translate(${dx} ${dy})`));
    };
    const onEnd = (now) => {
      window.removeEventListener("pointermove", onMove);
      window.removeEventListener("pointerup", onEnd);
      window.removeEventListener("pointercancel", onEnd);
      if (!isDragged) return;
      const frame = this.canvas.querySelector("svg").getBoundingClientRect();
      if (now.type === "pointerup") this.dropAt(key, now.clientX - frame.left, now.clientY - frame.top);
      this.show();
    };
    window.addEventListener("pointermove", onMove);
    window.addEventListener("pointerup", onEnd);
    window.addEventListener("pointercancel", onEnd);
  }

  dropAt(key, x, y) {
    const inside = (map, test) => Array.from(map.entries()).find(([, box]) => test(box));
    const lane = inside(this.places.lanes, (box) => y >= box.y && y < box.bottom);
    const phase = inside(this.places.phases, (box) => x >= box.x && x < box.right);
    this.change((model) => {
      const node = model.nodes.find((one) => one.key === key);
      if (lane) node.lane = lane[0];
      if (phase) node.phase = phase[0];
    });
  }

  nameOf(key) {
    const node = this.model.nodes.find((one) => one.key === key);
    return node ? node.name || KINDS[node.kind] : "";
  }

  relation(value) { return (this.given.relations.find(([one]) => one === value) || ["", value])[1]; }

  /* Properties of what is chosen */
  showProps() {
    const part = this.part(this.chosen);
    const list = this.listOf(this.chosen);
    const title = { lanes: "泳道", phases: "阶段", flows: "连线" }[list];
    const parts = part ? [make("h3", {}, list === "nodes" ? KINDS[part.kind] : title), this.nameField(part, list)] : [make("p", { class: "muted small" }, "选中图中的部分，在这里修改。")];
    if (list === "lanes") parts.push(this.choice("负责部门", part.department, [["", "（不指定部门）"], ...this.given.departments], "department", part));
    if (list === "nodes") parts.push(...this.nodeFields(part));
    parts.push(make("p", { class: "sw-keys" }, "键盘：方向键选择，Shift 加方向键移动，Enter 修改名称，Delete 删除，Ctrl 加 Z 撤销，Ctrl 加 S 保存。"));
    this.props.replaceChildren(...parts);
    this.deleteButton.disabled = !part;
  }

  nameField(part, list) {
    const field = make("input", { class: "input", id: "sw-name", maxlength: "120", "data-name": true, value: part.name,
      onchange: (event) => this.rename(part.key, event.target.value),
      onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); this.rename(part.key, event.target.value); this.focusChosen(); } } });
    const optional = list === "flows" || (list === "nodes" && part.kind !== "task");
    return make("div", { class: "field" }, make("label", { for: "sw-name", class: optional ? "" : "req" }, "名称"), field);
  }

  rename(key, text) {
    const name = text.replace(/[\u0000-\u001f\u007f]/g, " ").trim().replace(/\s+/g, " ");
    const list = this.listOf(key);
    const part = this.part(key);
    if (!part) return;
    if (!name && list !== "flows" && (list !== "nodes" || part.kind === "task")) { this.tell("名称不能为空。"); this.showProps(); return; }
    this.change(() => { this.part(key).name = name; });
  }

  choice(label, value, options, field, part) {
    const id = `sw-${field}`;
    const known = options.some(([one]) => one === value);
    const rows = known ? options : [...options, [value, value]];
    const select = make("select", { class: "input", id, onchange: (event) => {
      this.change(() => { this.part(part.key)[field] = event.target.value; });
      const again = this.props.querySelector(`#${id}`);
      if (again) again.focus();
    } });
    rows.forEach(([one, text]) => select.append(make("option", { value: one, selected: one === value }, text)));
    return make("div", { class: "field" }, make("label", { for: id }, label), select);
  }

  nodeFields(node) {
    const lanes = this.model.lanes.map((lane) => [lane.key, lane.name]);
    const phases = [["", "（无阶段）"], ...this.model.phases.map((phase) => [phase.key, phase.name])];
    const found = [this.choice("泳道", node.lane, lanes, "lane", node), this.choice("阶段", node.phase, phases, "phase", node)];
    if (node.kind === "task") {
      found.push(this.choice("工作项", node.item, [["", "（不指定）"], ...this.given.items], "item", node),
        this.choice("应用系统", node.system, [["", "（不指定）"], ...this.given.systems], "system", node), ...this.dataFields(node));
    }
    found.push(...this.flowFields(node));
    return found;
  }

  dataFields(node) {
    const rows = node.links.map((link, n) => make("li", {},
      make("span", {}, `${this.relation(link.relation)} ${this.names[link.entry] || link.entry}`),
      make("button", { type: "button", class: "btn btn-s btn-ghost", "aria-label": `取消关联 ${this.names[link.entry] || link.entry}`,
        onclick: () => this.change(() => this.part(node.key).links.splice(n, 1)) }, "取消")));
    const select = make("select", { class: "input", id: "sw-relation" }, ...this.given.relations.map(([value, label]) => make("option", { value }, label)));
    const found = make("div", { class: "sw-found", hidden: true, role: "group", "aria-label": "检索结果" });
    const search = make("input", { class: "input", id: "sw-search", type: "search", autocomplete: "off", maxlength: "60",
      onkeydown: (event) => { if (event.key === "Enter") { event.preventDefault(); this.search(event.target.value, node, select, found); } },
      oninput: (event) => { clearTimeout(this.timer); this.timer = setTimeout(() => this.search(event.target.value, node, select, found), 300); } });
    return [make("h3", {}, "数据资源"), make("ul", { class: "sw-list" }, ...rows),
      make("div", { class: "field" }, make("label", { for: "sw-relation" }, "关系"), select),
      make("div", { class: "field" }, make("label", { for: "sw-search" }, "检索目录"), search, found)];
  }

  async search(text, node, select, found) {
    if (!text.trim()) { found.hidden = true; return; }
    const answer = await fetch(`/api/v1/catalog/entries?limit=8&q=${encodeURIComponent(text.trim())}`, { headers: { Accept: "application/json" } }).catch(() => null);
    if (!answer || !answer.ok) { this.tell("检索没有成功，请稍后再试。"); return; }
    const entries = (await answer.json()).entries;
    found.hidden = false;
    found.replaceChildren(...entries.map((entry) => make("button", { type: "button", onclick: () => {
      this.names[entry.code] = entry.name;
      const relation = select.value;
      this.change(() => {
        const links = this.part(node.key).links;
        if (!links.some((link) => link.entry === entry.code && link.relation === relation)) links.push({ entry: entry.code, relation });
      });
      const again = this.props.querySelector("#sw-search");
      if (again) again.focus();
    } }, `${entry.name}（${entry.code}）`)));
    if (!entries.length) found.replaceChildren(make("p", { class: "small muted" }, "没有检索到目录条目。"));
  }

  flowFields(node) {
    const mine = this.model.flows.filter((flow) => flow.source === node.key);
    const rows = mine.map((flow) => make("li", {}, make("span", {}, `到 ${this.nameOf(flow.target)}${flow.name ? `（${flow.name}）` : ""}`),
      make("button", { type: "button", class: "btn btn-s btn-ghost", "aria-label": `删除到 ${this.nameOf(flow.target)} 的连线`,
        onclick: () => this.change((model) => { model.flows = model.flows.filter((one) => one.key !== flow.key); }) }, "删除")));
    const targets = this.model.nodes.filter((one) => one.key !== node.key && !mine.some((flow) => flow.target === one.key));
    const select = make("select", { class: "input", id: "sw-target", onchange: (event) => { if (event.target.value) this.link(node.key, event.target.value); } },
      make("option", { value: "" }, "选择终点环节"), ...targets.map((one) => make("option", { value: one.key }, one.name || KINDS[one.kind])));
    return [make("h3", {}, "连线"), make("ul", { class: "sw-list" }, ...rows), make("div", { class: "field" }, make("label", { for: "sw-target" }, "添加连线"), select)];
  }

  showState() {
    const isChanged = this.isChanged();
    this.undoButton.disabled = !this.past.length;
    this.redoButton.disabled = !this.future.length;
    this.saveButton.disabled = !isChanged;
    this.connectButton.setAttribute("aria-pressed", this.from ? "true" : "false");
    this.state.textContent = isChanged ? "有未保存的修改" : "已保存";
  }

  tell(text) { this.state.textContent = text; }

  /* Saving, with the edition that was read: two editors at once are told apart. */
  async save() {
    if (!this.isChanged() || this.saving) return;
    this.saving = true;
    const sent = JSON.stringify(this.model);
    this.saveButton.disabled = true;
    this.tell("正在保存");
    const answer = await fetch(`/api/v1/swimlanes/${encodeURIComponent(this.given.code)}`, {
      method: "PUT",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.holder.querySelector("[name=csrfmiddlewaretoken]").value },
      body: JSON.stringify({ edition: this.edition, model: this.model }),
    }).catch(() => null);
    this.saving = false;
    const found = answer ? await answer.json().catch(() => null) : null;
    if (answer && answer.ok && found) {
      this.edition = found.edition;
      this.saved = sent;
      this.warn(null);
      document.querySelectorAll("input[name=edition]").forEach((field) => { field.value = found.edition; });
      this.refresh();
    } else this.warn(found || { title: "没有连上平台，修改还没有保存。", next_step: "请检查网络后再次保存。" }, answer && answer.status === 409);
    this.showState();
  }

  /* The table and the forms below say what was saved. */
  async refresh() {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer || !answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.querySelectorAll("[data-follows]").forEach((old) => {
      const now = page.getElementById(old.id);
      if (now) old.replaceChildren(...Array.from(now.childNodes));
    });
  }

  warn(problem, isLate) {
    this.note.hidden = !problem;
    if (!problem) { this.note.replaceChildren(); return; }
    const body = make("div", { class: "stack-s" }, make("p", {}, make("b", {}, problem.title)), make("p", { class: "small" }, problem.next_step || ""));
    if (isLate) {
      body.append(make("div", { class: "row row-s" },
        make("button", { type: "button", class: "btn btn-s", onclick: () => this.download() }, "下载我的修改"),
        make("button", { type: "button", class: "btn btn-s", onclick: () => { this.saved = JSON.stringify(this.model); location.reload(); } }, "放弃我的修改，查看最新")));
    }
    this.note.replaceChildren(make("div", { class: "callout callout-bad" }, body));
  }

  download() {
    const url = URL.createObjectURL(new Blob([JSON.stringify(this.model)], { type: "application/json" }));
    make("a", { href: url, download: `${this.given.code}-我的修改.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }
}

const holder = document.querySelector("[data-editor][data-editable]");
if (holder) window.swimlaneEditor = new Editor(holder, JSON.parse(document.getElementById("chart-data").textContent));
