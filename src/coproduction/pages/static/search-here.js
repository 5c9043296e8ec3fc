// Searches in the browser, on pages that stand on a host without a server of ours: of what was
// written beside the pages, each word of a search has to begin a word of a name.
const form = document.querySelector("form[data-here='search']");
const told = document.createElement("div");
told.setAttribute("aria-live", "polite");
document.querySelector("main").append(told);
const plain = (text) =>
  text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

async function search(query) {
  const asked = plain(query).split(" ").filter(Boolean);
  if (!asked.length) return;
  const entries = await (await fetch(form.dataset.entries)).json();
  const found = [];
  for (const [kind, name, href, names] of entries) {
    const searched = ` ${names}`;
    if (asked.every((word) => searched.includes(` ${word}`))) {
      found.push({ kind, name, href, rank: plain(name) === asked.join(" ") ? 0 : name.length });
    }
  }
  found.sort((one, other) => one.rank - other.rank);
  const parts = [];
  for (const kind of new Set(found.map((each) => each.kind))) {
    const heading = document.createElement("h2");
    heading.textContent = kind;
    const list = document.createElement("ul");
    for (const each of found.filter((one) => one.kind === kind).slice(0, 200)) {
      const link = document.createElement("a");
      link.href = each.href;
      link.textContent = each.name;
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    parts.push(heading, list);
  }
  told.replaceChildren(...(parts.length ? parts : [form.dataset.nothing]));
}

const query = new URLSearchParams(location.search).get("q") ?? "";
form.querySelector("input[name='q']").value = query;
search(query);
