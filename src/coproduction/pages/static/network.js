// Draws the network of the table that stands beneath it: each row is an arrow, each term leads
// where it leads there. The table has all of it for those who do not see or use no mouse.
import cytoscape from "./npm/cytoscape/cytoscape.js";

const place = document.getElementById("network");
const words = place.dataset;
const STYLES = { EmpiricalClaim: "solid", DefinitionalClaim: "dashed", NormativeClaim: "dotted" };
const SIZE = 12;
const WIDTH = 116;
const BOX = WIDTH + 12;
const STEP = BOX + 150;
const GAP = 12;
const BETWEEN = 36;
const DEEPEST = 6;
// Cytoscape has one style, put in the page where nothing has its id: the policy forbids that, and
// the style sheet has it.
document.querySelector("link[href*='network.css']").id = "__________cytoscape_stylesheet";

// The columns of the table: claim, subject, predicate, object, kind, section.
function read(table) {
  const nodes = new Map();
  const edges = [];
  for (const row of table.tBodies[0].rows) {
    const [claim, subject, predicate, object, kind] = row.cells;
    const ends = [subject, object].map((cell) => {
      const href = cell.querySelector("a")?.href ?? "";
      const id = href || cell.textContent;
      nodes.set(id, { id, href, label: cell.textContent.trim() });
      return id;
    });
    const told = kind.querySelector("a")?.href.match(/(\w+Claim)/)?.[1];
    edges.push({
      source: ends[0],
      target: ends[1],
      label: `${claim.textContent.trim()} ${predicate.textContent.trim()}`,
      kind: told ?? "",
      kindLabel: kind.textContent.trim(),
    });
  }
  return { nodes: [...nodes.values()], edges };
}

const measure = document.createElement("canvas").getContext("2d");

// The lines that a label takes, for the box around it.
function lines(label) {
  measure.font = `${SIZE}px system-ui, sans-serif`;
  let count = 1;
  let width = 0;
  for (const word of label.split(" ")) {
    const wide = measure.measureText(`${word} `).width;
    if (width && width + wide > WIDTH) {
      count += 1;
      width = 0;
    }
    width += wide;
  }
  return count;
}

function looks() {
  const color = getComputedStyle(document.documentElement);
  const [ink, soft, paper, mark, link, chosen] = ["ink", "soft", "paper", "mark", "link", "chosen"]
    .map((name) => color.getPropertyValue(`--${name}`).trim());
  const text = { "font-family": "system-ui, sans-serif", color: ink };
  return [
    { selector: "node", style: {
      ...text, label: "data(label)", "font-size": SIZE, "text-wrap": "wrap",
      "text-max-width": WIDTH, "text-valign": "center", "text-halign": "center",
      shape: "round-rectangle", width: BOX, height: "data(height)",
      "background-color": mark, "border-width": 1, "border-color": soft,
    } },
    { selector: "edge", style: {
      ...text, label: "data(label)", "font-size": 10, color: soft, "text-wrap": "wrap",
      "text-max-width": 130, "text-background-color": paper, "text-background-opacity": 0.9,
      "text-background-padding": 1, "min-zoomed-font-size": 7, "curve-style": "bezier", width: 1.2,
      "line-color": soft, "line-style": "data(style)", "target-arrow-color": soft,
      "target-arrow-shape": "triangle", "arrow-scale": 0.9,
    } },
    { selector: ".far", style: { opacity: 0.25 } },
    { selector: "node.near", style: { "border-color": link, "border-width": 2 } },
    { selector: "node.at", style: { "background-color": chosen } },
    { selector: "edge.near", style: { color: ink, "line-color": link, "target-arrow-color": link,
      width: 2, "min-zoomed-font-size": 0 } },
  ];
}

function button(sign, told, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = sign;
  made.title = told;
  made.setAttribute("aria-label", told);
  made.addEventListener("click", act);
  return made;
}

function key(edges) {
  const made = document.createElement("span");
  for (const [kind, label] of new Map(edges.map((each) => [each.kind, each.kindLabel]))) {
    const line = document.createElement("span");
    line.className = `line ${STYLES[kind] ?? "solid"}`;
    made.append(line, ` ${label} `);
  }
  return made;
}

// How many arrows lead to a term at most, in a net that may have circles.
function depths(net) {
  const found = new Map(net.nodes().map((node) => [node.id(), 0]));
  const count = found.size;
  for (let turn = 0; turn < count; turn += 1) {
    let isSame = true;
    for (const edge of net.edges()) {
      const depth = found.get(edge.source().id()) + 1;
      if (depth > found.get(edge.target().id()) && depth < Math.min(count, DEEPEST)) {
        found.set(edge.target().id(), depth);
        isSame = false;
      }
    }
    if (isSame) break;
  }
  return found;
}

// A net stands in columns, by how many arrows lead to a term, each term near those that it is
// linked to. Gives the size that it takes.
function stand(net) {
  const depth = depths(net);
  const columns = [];
  for (const node of net.nodes()) (columns[depth.get(node.id())] ??= []).push(node);
  const y = new Map();
  for (const column of columns) {
    column.forEach((node, place) => y.set(node.id(), place * 40));
  }
  for (let turn = 0; turn < 24; turn += 1) {
    for (const column of turn % 2 ? columns : columns.toReversed()) {
      const wanted = new Map(column.map((node) => {
        const near = node.neighborhood("node").map((each) => y.get(each.id()));
        return [node.id(), near.reduce((sum, each) => sum + each, 0) / near.length];
      }));
      column.sort((one, other) => wanted.get(one.id()) - wanted.get(other.id()));
      let end = -Infinity;
      let off = 0;
      for (const node of column) {
        const half = node.data("height") / 2;
        const at = Math.max(wanted.get(node.id()), end + half);
        y.set(node.id(), at);
        off += at - wanted.get(node.id());
        end = at + half + GAP;
      }
      for (const node of column) y.set(node.id(), y.get(node.id()) - off / column.length);
    }
  }
  // No band stays empty through all columns.
  const places = new Map();
  let end = 0;
  let off = null;
  for (const node of net.nodes().sort((one, other) => y.get(one.id()) - y.get(other.id()))) {
    const half = node.data("height") / 2;
    const at = y.get(node.id());
    off ??= half - at;
    off = Math.min(off, end + GAP + half - at);
    places.set(node.id(), { x: depth.get(node.id()) * STEP + BOX / 2, y: at + off });
    end = Math.max(end, at + off + half);
  }
  return { net, places, width: (columns.length - 1) * STEP + BOX, height: end };
}

// The nets stand beside and under each other, each where it ends highest.
function layOut(width) {
  const nets = cy.elements().components().map(stand);
  nets.sort((one, other) => other.width - one.width || other.height - one.height);
  const slots = Array(Math.max(1, Math.round(width / STEP))).fill(0);
  for (const { net, places, width: wide, height } of nets) {
    const needs = Math.min(slots.length, Math.ceil((wide + BETWEEN) / STEP));
    const tops = slots.slice(needs - 1).map((_, at) => Math.max(...slots.slice(at, at + needs)));
    const top = Math.min(...tops);
    const at = tops.indexOf(top);
    slots.fill(top + height + BETWEEN, at, at + needs);
    for (const node of net.nodes()) {
      const { x, y } = places.get(node.id());
      node.position({ x: x + at * STEP, y: y + top });
    }
  }
}

const { nodes, edges } = read(document.querySelector("main table"));
const field = document.createElement("div");
field.className = "field";
field.setAttribute("role", "img");
field.setAttribute("aria-label", words.told);
const told = document.createElement("p");
told.append(words.told);
const bar = document.createElement("p");
bar.className = "bar";
place.append(bar, field, told);
place.hidden = false;

const cy = cytoscape({
  container: field,
  elements: {
    nodes: nodes.map((each) => ({
      data: { ...each, height: lines(each.label) * SIZE * 1.25 + 8 },
    })),
    edges: edges.map((each) => ({ data: { ...each, style: STYLES[each.kind] ?? "solid" } })),
  },
  style: looks(),
  layout: { name: "null" },
  // The wheel turns the page.
  userZoomingEnabled: false,
  minZoom: 0.15,
  maxZoom: 3,
});
layOut(Math.max(STEP * 2, Math.min(field.clientWidth / 0.75, STEP * 6)));

// As wide as there is room for, but not too small to be read, from its top on.
function begin() {
  const box = cy.elements().boundingBox();
  const level = Math.max(0.7, Math.min((field.clientWidth - 16) / box.w, 1));
  const part = field.clientWidth < 600 ? 0.6 : 0.8;
  field.style.height = `${Math.min(box.h * level + 24, innerHeight * part)}px`;
  cy.resize();
  cy.viewport({ zoom: level, pan: { x: 8 - box.x1 * level, y: 12 - box.y1 * level } });
}

const zoomed = (by) => () =>
  cy.zoom({ level: cy.zoom() * by, renderedPosition: { x: cy.width() / 2, y: cy.height() / 2 } });
bar.append(
  button("+", words.closer, zoomed(1.4)),
  button("\u2212", words.farther, zoomed(1 / 1.4)),
  button("\u2922", words.whole, () => cy.fit(undefined, 12)),
  key(edges),
);

cy.on("mouseover", "node", ({ target }) => {
  cy.elements().addClass("far");
  target.closedNeighborhood().removeClass("far").addClass("near");
  target.addClass("at");
  field.style.cursor = target.data("href") ? "pointer" : "";
});
cy.on("mouseout", "node", () => {
  cy.elements().removeClass("far near at");
  field.style.cursor = "";
});
cy.on("tap", "node", ({ target }) => {
  if (target.data("href")) location.assign(target.data("href"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => cy.style(looks()));
field.cytoscape = cy;
begin();
