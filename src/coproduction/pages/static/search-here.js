// Searches in the browser, on pages that stand on a host without a server of ours: of what was
// written beside the pages, each word of a search has to begin a word of a name. A country is found
// by each of its names, and where nothing is found other spellings are offered.
const form = document.querySelector("form[data-here='search']");
const told = document.createElement("div");
told.setAttribute("aria-live", "polite");
document.querySelector("main").append(told);
const SHORTEST = 4; // letters of a word that is taken for a country, or is corrected
const LIKENESS = 0.7; // below it another word is meant, and not another spelling
const plain = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/ß/gu, "ss")
    .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

// How much of two words is in both, in the same order: 1 where they are one, 0 where nothing is.
function likeness(one, other) {
  let above = new Array(other.length + 1).fill(0);
  for (const sign of one) {
    const row = [0];
    for (let place = 0; place < other.length; place++) {
      row.push(sign === other[place] ? above[place] + 1 : Math.max(above[place + 1], row[place]));
    }
    above = row;
  }
  return (2 * above[other.length]) / (one.length + other.length);
}

function nearest(word, known) {
  let [best, found] = [LIKENESS, ""];
  for (const each of known) {
    const most = (2 * Math.min(word.length, each.length)) / (word.length + each.length);
    if (most <= best) continue;
    const like = likeness(word, each);
    if (like > best) [best, found] = [like, each];
  }
  return found;
}

// The search itself, and with the names of a country in each language in the place of its name.
function searches(asked, countries) {
  const long = (text) => text.length >= SHORTEST;
  const of = (text) => countries.find((each) => long(text) && each.names.includes(text));
  const parts = of(asked) ? [asked] : asked.split(" ");
  const languages = countries.length ? countries[0].called.length : 0;
  const found = [...Array(languages).keys()].map((place) =>
    parts.map((part) => of(part)?.called[place] ?? part).join(" "));
  return { texts: [...new Set([asked, ...found])], country: of(asked) };
}

function hits(asked, entries, countries) {
  const sought = searches(asked, countries).texts.map((text) => text.split(" "));
  const found = [];
  for (const [kind, name, href, searched] of entries) {
    if (sought.some((words) => words.every((word) => searched.includes(` ${word}`)))) {
      found.push({ kind, name, href, rank: plain(name) === asked ? 0 : name.length });
    }
  }
  return found.sort((one, other) => one.rank - other.rank);
}

function spelt(asked, entries, countries) {
  const names = new Set(entries.map(([, name]) => plain(name)));
  const words = new Set(entries.flatMap(([, , , searched]) => searched.split(" "))
    .filter((word) => word.length >= SHORTEST));
  const corrected = asked.split(" ").map((word) =>
    words.has(word) || word.length < SHORTEST ? word : nearest(word, words) || word).join(" ");
  const near = new Set([nearest(asked, names), corrected]);
  return [...near].filter((each) => each && each !== asked && hits(each, entries, countries).length);
}

function element(name, text, href) {
  const made = document.createElement(name);
  if (href) made.href = href;
  made.append(...[text].flat());
  return made;
}

async function search(query) {
  const asked = plain(query);
  if (!asked) return;
  const { things, countries } = await (await fetch(form.dataset.entries)).json();
  const entries = things.map(([kind, name, href, names]) => [kind, name, href, ` ${plain(names)}`]);
  const found = hits(asked, entries, countries);
  const parts = [];
  const { country } = searches(asked, countries);
  if (country) parts.push(element("p", element("a", country.cases, country.href)));
  for (const kind of new Set(found.map((each) => each.kind))) {
    const some = found.filter((one) => one.kind === kind).slice(0, 200);
    const list = some.map((each) => element("li", element("a", each.name, each.href)));
    parts.push(element("h2", kind), element("ul", list));
  }
  if (!parts.length) {
    parts.push(element("p", form.dataset.nothing));
    const near = spelt(asked, entries, countries).flatMap((each) =>
      [" ", element("a", each, `?${new URLSearchParams({ q: each })}`)]);
    if (near.length) parts.push(element("p", [form.dataset.near, ...near]));
  }
  told.replaceChildren(...parts);
}

const query = new URLSearchParams(location.search).get("q") ?? "";
form.querySelector("input[name='q']").value = query;
search(query);
