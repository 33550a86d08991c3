/* Where the parts of a chart stand: the same rules as domain/layout.py, which draws the page
   without scripts and the shapes of exported files. A test compares the two. */

export const HEAD = 132, TOP = 38;
const BOX_W = 128, BOX_H = 52, GAP_X = 40, GAP_Y = 26, DATA_H = 19;
const SMALL = { start: 34, end: 34, gateway: 46 };
const LEAST_LANE = 96, WIDEST_PHASE = 16;
export const SHOWN_LINKS = 3;
export { BOX_H, DATA_H };
const PITCH = BOX_W + GAP_X;

function depths(keys, pairs) {
  const inside = new Set(keys), following = new Map(), waiting = new Map(), depth = new Map();
  keys.forEach((key) => { following.set(key, []); waiting.set(key, 0); depth.set(key, 0); });
  pairs.forEach(([source, target]) => {
    if (!inside.has(source) || !inside.has(target)) return;
    following.get(source).push(target);
    waiting.set(target, waiting.get(target) + 1);
  });
  const done = new Set();
  let ready = keys.filter((key) => !waiting.get(key));
  while (done.size < keys.length) {
    if (!ready.length) ready = [keys.find((key) => !done.has(key))];
    const key = ready.shift();
    if (done.has(key)) continue;
    done.add(key);
    following.get(key).forEach((target) => {
      if (!done.has(target)) depth.set(target, Math.max(depth.get(target), depth.get(key) + 1));
      waiting.set(target, waiting.get(target) - 1);
      if (!waiting.get(target) && !done.has(target)) ready.push(target);
    });
  }
  return depth;
}

function columnsOf(model) {
  const groups = new Map(), found = new Map();
  model.nodes.forEach((node) => {
    if (!groups.has(node.phase)) groups.set(node.phase, []);
    groups.get(node.phase).push(node.key);
  });
  const pairs = model.flows.map((flow) => [flow.source, flow.target]);
  groups.forEach((keys) => {
    const depth = depths(keys, pairs);
    const deepest = Math.max(...depth.values()) + 1;
    depth.forEach((column, key) => {
      found.set(key, deepest > WIDEST_PHASE ? Math.floor(column * WIDEST_PHASE / deepest) : column);
    });
  });
  return found;
}

function phasesOf(model, columns) {
  const wide = new Map();
  model.nodes.forEach((node) => {
    wide.set(node.phase, Math.max(wide.get(node.phase) || 1, columns.get(node.key) + 1));
  });
  const keys = model.phases.map((phase) => phase.key);
  if (wide.has("") || !keys.length) keys.push("");
  const found = new Map();
  let start = 0;
  keys.forEach((key) => {
    found.set(key, [start, start + (wide.get(key) || 1)]);
    start += wide.get(key) || 1;
  });
  return [found, start];
}

function box(x, y, w, h) {
  return { x, y, w, h, right: x + w, bottom: y + h, cx: x + Math.floor(w / 2), cy: y + Math.floor(h / 2) };
}

export function layout(model) {
  const columns = columnsOf(model);
  const [spans, count] = phasesOf(model, columns);
  const taken = new Map(), slots = new Map(), heights = new Map();
  model.nodes.forEach((node) => {
    const column = spans.get(node.phase)[0] + columns.get(node.key);
    const cell = node.lane + " " + column;
    const row = taken.get(cell) || 0;
    taken.set(cell, row + 1);
    slots.set(node.key, { column, row });
    if (!heights.has(node.lane)) heights.set(node.lane, []);
    const below = SMALL[node.kind] && node.name ? 1 : 0;
    const tall = BOX_H + DATA_H * (Math.min(node.links.length, SHOWN_LINKS + 1) + below);
    const rows = heights.get(node.lane);
    rows[row] = Math.max(rows[row] || 0, tall);
  });
  const width = HEAD + count * PITCH + 16;
  const lanes = new Map(), rows = new Map();
  let y = TOP;
  model.lanes.forEach((lane) => {
    const top = y;
    y += Math.floor(GAP_Y / 2);
    (heights.get(lane.key) || []).forEach((height, row) => {
      rows.set(lane.key + " " + row, [y, y + height]);
      y += height + GAP_Y;
    });
    y = Math.max(y, top + LEAST_LANE);
    lanes.set(lane.key, box(0, top, width, y - top));
  });
  const phases = new Map();
  spans.forEach(([first, last], key) => {
    phases.set(key, box(HEAD + first * PITCH, 0, (last - first) * PITCH, y));
  });
  const nodes = new Map();
  model.nodes.forEach((node) => {
    const slot = slots.get(node.key);
    const x = HEAD + slot.column * PITCH + Math.floor(GAP_X / 2);
    const top = rows.get(node.lane + " " + slot.row)[0];
    const size = SMALL[node.kind];
    nodes.set(node.key, size
      ? box(x + Math.floor((BOX_W - size) / 2), top + Math.floor((BOX_H - size) / 2), size, size)
      : box(x, top, BOX_W, BOX_H));
  });
  const lane = new Map(model.nodes.map((node) => [node.key, node.lane]));
  const flows = new Map();
  model.flows.forEach((flow, n) => {
    const a = slots.get(flow.source), b = slots.get(flow.target);
    const start = nodes.get(flow.source), end = nodes.get(flow.target);
    const shift = (n % 5 - 2) * 5;
    const after = HEAD + (a.column + 1) * PITCH + shift, before = HEAD + b.column * PITCH + shift;
    const channel = rows.get(lane.get(flow.source) + " " + a.row)[1] + Math.floor(GAP_Y / 2) + (n % 3 - 1) * 4;
    flows.set(flow.key, route(start, end, a.column, b.column, after, before, channel));
  });
  return { width, height: y, lanes, phases, nodes, flows };
}

function route(start, end, from, to, after, before, channel) {
  const first = [start.right, start.cy], last = [end.x, end.cy];
  if (from === to) return [first, [after, start.cy], [after, end.cy], [end.right, end.cy]];
  if (to === from + 1) {
    return start.cy === end.cy ? [first, last] : [first, [after, start.cy], [after, end.cy], last];
  }
  return [first, [after, start.cy], [after, channel], [before, channel], [before, end.cy], last];
}
