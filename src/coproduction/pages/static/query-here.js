// Answers queries in the browser, on pages that stand on a host without a server of ours:
// Oxigraph as WebAssembly, asked of the file of all graphs beside the pages.
const root = new URL("..", import.meta.url);
const form = document.querySelector("form[data-here='query']");
const text = form.querySelector("textarea");
const told = document.createElement("div");
told.setAttribute("aria-live", "polite");
form.after(told);
const words = form.dataset;
const prologue = Object.entries(JSON.parse(words.prefixes))
  .map(([name, iri]) => `PREFIX ${name}: <${iri}> `)
  .join("");
let opened;

async function store() {
  const { default: init, Store } = await import("./npm/oxigraph/web.js");
  await init();
  const found = await fetch(new URL(words.graphs, root));
  if (!found.ok) throw new Error(`${words.graphs}: ${found.status}`);
  const made = new Store();
  made.load(await found.text(), { format: "application/n-quads" });
  return made;
}

function cell(term) {
  const made = document.createElement("td");
  if (!term) return made;
  if (term.termType === "NamedNode" && /^https?:/.test(term.value)) {
    const link = document.createElement("a");
    link.href = term.value;
    link.textContent = term.value;
    link.rel = "external noreferrer";
    made.append(link);
  } else {
    made.textContent = term.value;
    if (term.language) made.lang = term.language;
  }
  return made;
}

function table(names, rows) {
  const made = document.createElement("table");
  made.createCaption().textContent = `${rows.length} ${words.rows}`;
  const head = made.createTHead().insertRow();
  for (const name of names) {
    const heading = document.createElement("th");
    heading.scope = "col";
    heading.textContent = name;
    head.append(heading);
  }
  const body = made.createTBody();
  for (const row of rows) {
    const line = body.insertRow();
    for (const name of names) line.append(cell(row.get(name)));
  }
  return made;
}

function shown(answer) {
  if (typeof answer === "boolean") return document.createTextNode(String(answer));
  if (answer.length && answer[0] instanceof Map) {
    return table([...new Set(answer.flatMap((row) => [...row.keys()]))], answer);
  }
  const triples = answer.map((each) => `${each}`).join(" .\n");
  const made = document.createElement("pre");
  made.textContent = triples || `0 ${words.rows}`;
  return made;
}

async function ask() {
  told.textContent = words.working;
  try {
    opened ??= store();
    const answer = (await opened).query(prologue + text.value, {
      use_default_graph_as_union: true,
    });
    told.replaceChildren(shown(answer));
  } catch (error) {
    // The prologue stands before the first line: columns there are told without it.
    const message = String(error.message ?? error).replace(
      /\b1:(\d+)/,
      (_, column) => `1:${column - prologue.length}`,
    );
    told.textContent = message;
    const place = message.match(/\b(\d+):(\d+)/);
    if (place) {
      // The editor, where there is one, marks it.
      const detail = { line: Number(place[1]), column: Number(place[2]) };
      text.dispatchEvent(new CustomEvent("wrong", { detail }));
    }
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
const asked = new URLSearchParams(location.search).get("query");
if (asked) {
  text.value = asked;
  ask();
}
