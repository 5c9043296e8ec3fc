// A form that names parts of the page is sent as soon as a value of it changes, and they come anew.
// Without this the form has a button, and the whole page comes.
"use strict";
for (const form of document.querySelectorAll("form[data-replaces]")) {
  const names = form.dataset.replaces.split(" ");
  let last = 0;
  form.addEventListener("change", async () => {
    const turn = ++last;
    const url = new URL(form.action);
    url.search = new URLSearchParams(new FormData(form)).toString();
    for (const name of names) document.getElementById(name).setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(url, { headers: { Accept: "text/html" } });
      const text = await reply.text();
      if (turn !== last) return;
      if (!reply.ok) throw new Error(reply.statusText);
      const made = new DOMParser().parseFromString(text, "text/html");
      for (const name of names) {
        document.getElementById(name).replaceChildren(...made.getElementById(name).childNodes);
        document.getElementById(name).removeAttribute("aria-busy");
      }
      history.replaceState(null, "", url);
    } catch {
      form.submit();
    }
  });
}
