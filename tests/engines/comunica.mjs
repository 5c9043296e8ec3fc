// Queries answered by Comunica, of a SPARQL endpoint or of a file; for tests.
// Run: node comunica.mjs FOLDER ENDPOINT_OR_FILE
// FOLDER has the packages; a line of JSON on standard input is the text of a query, and a line on
// standard output its answer: {"kind": media type, "body": text}, or {"error": words}.

import { createRequire } from 'node:module';
import { createReadStream } from 'node:fs';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

const [folder, place] = process.argv.slice(2);
const require = createRequire(`${folder}/`);
const { QueryEngine } = require('@comunica/query-sparql');
const ROWS = 'application/sparql-results+json';
const TRIPLES = 'application/n-triples';

async function source() {
  if (/^https?:/.test(place)) {
    return { type: 'sparql', value: place };
  }
  const { Store, StreamParser } = require('n3');
  const store = new Store();
  const parser = createReadStream(place).pipe(new StreamParser({ format: 'N-Quads' }));
  parser.on('data', (quad) => store.addQuad(quad));
  await once(parser, 'end');
  return store;
}

async function answer(engine, sources, text) {
  const result = await engine.query(text, { sources });
  const kind = result.resultType === 'quads' ? TRIPLES : ROWS;
  const { data } = await engine.resultToString(result, kind);
  let body = '';
  for await (const part of data) {
    body += part;
  }
  return { kind, body };
}

const engine = new QueryEngine();
const sources = [await source()];
for await (const line of createInterface({ input: process.stdin })) {
  let said;
  try {
    said = await answer(engine, sources, JSON.parse(line));
  } catch (error) {
    said = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(said)}\n`);
}
