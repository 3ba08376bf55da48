// Answers how soon one gets everywhere with minotor, a JSON line each; README.md of the folder above says what they hold.

import { createInterface } from 'node:readline';

const dist = new URL('../../../.peers/minotor/node_modules/minotor/dist/', import.meta.url);
const { GtfsParser } = await import(new URL('parser.esm.js', dist));
const { Duration, Query, Router, Time } = await import(new URL('router.esm.js', dist));

// minotor says of each row without a pick-up type that it has none.
console.warn = console.info = () => {};

const ROUNDS = 30; // more vehicles than any journey takes: it ends by itself

let loaded = null;

async function load(asked) {
  const begun = performance.now();
  const { timetable, stopsIndex } = await new GtfsParser(asked.feed).parse(new Date(`${asked.on}T12:00:00`));
  loaded = { router: new Router(timetable, stopsIndex), midnight: asked.midnight };
  return { load_s: (performance.now() - begun) / 1000, memory_mb: process.memoryUsage().rss / 1e6 };
}

function answer(asked) {
  const { router, midnight } = loaded;
  const query = new Query.Builder()
    .from(asked.from[0])
    .departureTime(Time.fromSeconds((asked.start - midnight) * 60))
    .maxTransfers(ROUNDS)
    .minTransferTime(Duration.fromSeconds(0))
    .build();
  const begun = process.cpuUsage();
  const found = router.route(query).earliestArrivals;
  const took = process.cpuUsage(begun);
  const arrivals = {};
  for (const [stop, reached] of found)
    if (stop !== asked.from[0]) arrivals[stop] = midnight + Math.ceil(reached.time.toSeconds() / 60);
  return { ms: (took.user + took.system) / 1000, arrivals };
}

for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  process.stdout.write(`${JSON.stringify('feed' in asked ? await load(asked) : answer(asked))}\n`);
}
