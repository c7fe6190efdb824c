import { Metrics } from './metrics.js';

it('metrics carry the service, and asking again gives the same one', async () => {
  const metrics = new Metrics('sample');
  metrics.counter('handled_total', 'Messages handled.', ['kind']).inc({ kind: 'realms' });
  metrics.counter('handled_total', 'Messages handled.', ['kind']).inc({ kind: 'realms' });
  metrics.histogram('call_seconds', 'Calls.').observe(0.02);
  metrics.gauge('lanes', 'Lanes held.').set(3);
  const text = await metrics.registry.metrics();
  expect(text).toContain('portico_handled_total{kind="realms",service="sample"} 2');
  expect(text).toContain('portico_call_seconds_bucket{le="0.05",service="sample"} 1');
  expect(text).toContain('portico_lanes{service="sample"} 3');
  expect(text).toContain('nodejs_eventloop_lag_seconds');
});

it('gauges are refreshed at a scrape, and one that fails keeps the others', async () => {
  const metrics = new Metrics('sample');
  const waiting = metrics.gauge('rows_waiting', 'Rows.');
  let rows = 2;
  metrics.beforeScrape(async () => waiting.set(rows));
  metrics.beforeScrape(() => Promise.reject(new Error('no answer')));
  expect(await metrics.text()).toContain('portico_rows_waiting{service="sample"} 2');
  rows = 5;
  const text = await metrics.text();
  expect(text).toContain('portico_rows_waiting{service="sample"} 5');
  expect(text).toContain('portico_metrics_stale_total{service="sample"} 2');
});
