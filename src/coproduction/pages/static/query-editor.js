// Makes an editor of the text area of a query: colours, what is wrong as it is typed, and the names
// that the graphs have, found by label in any language. The text area stays what the form sends.
import { Yasqe } from "./npm/@zazuko/yasqe/yasqe.js";

const area = document.querySelector("form.query textarea");
const words = area.dataset;
const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const WORD = /[?$][\p{L}\w]*$|<[^<>\s"{}|^`\\]*$|[\p{L}\w.-]*(?::[\p{L}\w.-]*)?$/u;
const KEYWORDS = new Set(
  ("as asc ask avg base bind bound by construct count datatype desc describe distinct exists " +
    "false filter from graph group having if in lang limit max min minus named not offset " +
    "optional order prefix regex reduced sample select separator service str sum true undef " +
    "union values where").split(" "),
);
const NAMES = ["IRI_REF", "PNAME_LN", "PNAME_NS"];
const MOST = 60;
const prefixes = JSON.parse(words.prefixes);
let known;

// Each name by kind, as it is written, and with all that it can be found by.
async function names() {
  const reply = await fetch(document.getElementById("names").href);
  if (!reply.ok) throw new Error(`${reply.url}: ${reply.status}`);
  const { tables } = await reply.json();
  const made = Object.entries(prefixes).map(([prefix, iri]) => ({
    kind: "prefixes", written: `${prefix}:`, label: iri, searched: "",
  }));
  for (const [kind, rows] of Object.entries(tables)) {
    for (const { written, nameLabel, also } of rows) {
      const searched = ` ${plain(`${nameLabel} ${also ?? ""}`).replace(/[^\p{L}\p{N}]+/gu, " ")}`;
      made.push({ kind, written, label: nameLabel, searched });
    }
  }
  return made;
}

// What can stand at a place: after a subject properties, after "a" classes, nothing where no name
// can, else anything.
function kindsAt(editor, line, column) {
  const { state } = editor.getTokenAt({ line, ch: column }, true);
  if (state.OK && !state.possibleNext.some((each) => NAMES.includes(each))) return [];
  if (state.possibleNext.includes("a")) return ["properties", "prefixes"];
  if (["a", "rdf:type"].includes(state.lastProperty)) return ["classes", "prefixes"];
  return null;
}

// 0 is the best: what is written so, then so called, then has it in a name.
function rank(name, word) {
  const written = plain(name.written);
  const local = written.slice(written.indexOf(":") + 1);
  if (written.startsWith(word) || written.startsWith(`<${word}`)) return 0;
  if (word.includes(":") && !word.endsWith(":")) {
    const [prefix, rest] = word.split(":");
    const isFound = local.includes(rest) || name.searched.includes(rest);
    return written.startsWith(`${prefix}:`) && isFound ? 1 : -1;
  }
  if (local.startsWith(word)) return 1;
  if (name.searched.includes(` ${word}`)) return 2;
  return local.includes(word) ? 3 : -1;
}

function drawn(item, _, hint) {
  const code = document.createElement("span");
  code.textContent = hint.text;
  item.append(code);
  if (hint.label) {
    const label = document.createElement("small");
    label.textContent = hint.label;
    item.append(label);
  }
}

function variables(editor, word, from) {
  const sign = word[0];
  const all = new Set();
  editor.eachLine(({ text }) => {
    for (const [, name] of text.matchAll(/[?$]([\p{L}\w]+)/gu)) all.add(sign + name);
  });
  // What is being typed stands in the text too.
  const others = [...all].filter((each) => each.startsWith(word) && each !== word).sort();
  return others.map((text) => ({ text, label: "", render: drawn, from }));
}

async function hints(editor) {
  const to = editor.getCursor();
  const text = editor.getLine(to.line).slice(0, to.ch);
  const word = text.match(WORD)[0];
  const from = { line: to.line, ch: to.ch - word.length };
  if (/^[?$]/.test(word)) return { list: variables(editor, word, from), from, to };
  if (KEYWORDS.has(word)) return { list: [], from, to };
  const all = await (known ??= names());
  const kinds = kindsAt(editor, from.line, from.ch);
  const asked = plain(word.replace(/^</, ""));
  const found = [];
  for (const each of all) {
    const place = kinds && !kinds.includes(each.kind) ? -1 : rank(each, asked);
    if (place >= 0) found.push([place, each]);
  }
  found.sort(
    ([one, { written }], [other, { written: next }]) =>
      one - other || written.length - next.length || written.localeCompare(next),
  );
  const list = found.slice(0, MOST).map(([, { written, label }]) => ({
    text: written, label: label === written ? "" : label, render: drawn, from, to,
  }));
  return { list, from, to };
}

// A list of options has a name, and no state of being open.
async function named(editor) {
  const result = await hints(editor);
  Yasqe.on(result, "shown", () => {
    const list = editor.state.completionActive?.widget?.hints;
    list?.removeAttribute("aria-expanded");
    list?.setAttribute("aria-label", words.offered);
  });
  return result;
}

function complete(editor) {
  editor.showHint({
    hint: named,
    completeSingle: false,
    closeCharacters: /[\s{}()[\];,.>"]/,
    container: editor.rootEl,
  });
}

// Names are offered where one is begun; what may be a keyword or a text is left alone.
function offer(editor) {
  if (editor.state.completionActive) return;
  const place = editor.getCursor();
  const { type } = editor.getTokenAt(place);
  if (type === "comment" || type === "string") return;
  const word = editor.getLine(place.line).slice(0, place.ch).match(WORD)[0];
  const isName = word.includes(":") || /^\p{Ll}[\p{L}\w-]{2,}$/u.test(word);
  if ((isName && !KEYWORDS.has(word)) || /^[?$]\p{L}/u.test(word)) complete(editor);
}

// Yasqe's own would show a list of all that its grammar knows, in English and with a style that
// stands in it, which the policy of the page forbids.
Yasqe.prototype.checkSyntax = function checkSyntax() {
  this.clearGutter("gutterErrorBar");
  this.queryValid = true;
  for (let line = 0; line < this.lineCount(); line += 1) {
    const { state } = this.getTokenAt({ line, ch: this.getLine(line).length }, true);
    if (state.OK === false) {
      mark(this, line, words.unread);
      this.queryValid = false;
      return;
    }
  }
};

function mark(editor, line, told) {
  const sign = document.createElement("span");
  sign.className = "wrong-line";
  sign.title = told;
  sign.textContent = "!";
  editor.setGutterMarker(line, "gutterErrorBar", sign);
}

// Marks the place that an answer names, until something is changed.
function markPlace(editor, line, column) {
  if (line > editor.lineCount()) return;
  const row = line - 1;
  const ch = Math.min(column, editor.getLine(row).length);
  const { start, end } = editor.getTokenAt({ line: row, ch });
  const at = { line: row, ch: start };
  const place = editor.markText(at, { line: row, ch: Math.max(end, start + 1) }, {
    className: "wrong-place",
  });
  mark(editor, at.line, words.wrong);
  const over = () => {
    place.clear();
    editor.off("change", over);
  };
  editor.on("change", over);
  editor.setCursor(at);
}

// The prefixes that need no declaration are declared before the text begins.
Yasqe.defineMode("sparql-here", (config) => {
  const mode = Yasqe.getMode(config, "sparql11");
  return { ...mode, startState: () => ({ ...mode.startState(), prefixes: { ...prefixes } }) };
});
// Those of its own ask hosts elsewhere.
Yasqe.defaults.autocompleters = [];

const send = () => area.form.requestSubmit();
const editor = new Yasqe(area.parentElement, {
  value: area.value,
  mode: "sparql-here",
  persistenceId: null,
  createShareableLink: null,
  consumeShareLink: null,
  showQueryButton: false,
  resizeable: false,
  editorHeight: "auto",
  viewportMargin: Infinity,
  foldGutter: false,
  gutters: ["gutterErrorBar", "CodeMirror-linenumbers"],
  inputStyle: "contenteditable",
  spellcheck: false,
  screenReaderLabel: "SPARQL",
  extraKeys: {
    // Tab leads on, as from any field; what is typed is sent by the keys that people know.
    Tab: false,
    "Shift-Tab": false,
    "Ctrl-S": false,
    Esc: false,
    "Ctrl-Space": complete,
    "Ctrl-Enter": send,
    "Cmd-Enter": send,
  },
});
area.after(editor.rootEl);
const field = editor.getInputField();
field.setAttribute("role", "textbox");
field.setAttribute("aria-multiline", "true");
if (area.getAttribute("aria-describedby")) {
  field.setAttribute("aria-invalid", "true");
  field.setAttribute("aria-describedby", area.getAttribute("aria-describedby"));
}
area.hidden = true;
document.getElementById("keys").hidden = false;
document.querySelector(`label[for="${area.id}"]`).addEventListener("click", () => editor.focus());
editor.on("change", () => {
  area.value = editor.getValue();
});
editor.on("inputRead", () => offer(editor));
editor.refresh();
if (words.line) markPlace(editor, Number(words.line), Number(words.column));
area.addEventListener("wrong", ({ detail }) => markPlace(editor, detail.line, detail.column));
