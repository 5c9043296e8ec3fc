// Queries answered by Comunica, of a SPARQL endpoint; for tests.
// Run: node comunica.mjs FOLDER ENDPOINT
// FOLDER has the packages; a line of JSON on standard input is the text of a query, and a line on
// standard output its answer: {"kind": media type, "body": text}, or {"error": words}.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const [folder, endpoint] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { QueryEngine } = require('@comunica/query-sparql');
const ROWS = 'application/sparql-results+json';
const TRIPLES = 'application/n-triples';

/** Gives the answer of a query; rows by code of ours, as Comunica's own adds what no format has. */
async function answer(engine, sources, text) {
  const result = await engine.query(text, { sources });
  if (result.resultType === 'boolean') {
    return { kind: ROWS, body: JSON.stringify({ head: {}, boolean: await result.execute() }) };
  }
  if (result.resultType === 'quads') {
    const { data } = await engine.resultToString(result, TRIPLES);
    let body = '';
    for await (const part of data) {
      body += part;
    }
    return { kind: TRIPLES, body };
  }
  const bindings = [];
  const vars = new Set();
  for await (const row of await result.execute()) {
    const told = {};
    for (const [variable, term] of row) {
      vars.add(variable.value);
      told[variable.value] = written(term);
    }
    bindings.push(told);
  }
  return { kind: ROWS, body: JSON.stringify({ head: { vars: [...vars] }, results: { bindings } }) };
}

function written(term) {
  if (term.termType === 'NamedNode') {
    return { type: 'uri', value: term.value };
  }
  if (term.termType === 'BlankNode') {
    return { type: 'bnode', value: term.value };
  }
  // of the rows of a server the language stands in the datatype (4.5.0, sparqljson-parse 3.3.0)
  const language = term.language || term.datatype.language;
  return language
    ? { type: 'literal', value: term.value, 'xml:lang': language }
    : { type: 'literal', value: term.value, datatype: term.datatype.value };
}

const engine = new QueryEngine();
const sources = [{ type: 'sparql', value: endpoint }];
for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = await answer(engine, sources, JSON.parse(line));
  } catch (error) {
    said = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
