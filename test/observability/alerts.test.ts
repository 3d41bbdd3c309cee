/** What can be checked of the alerts and the dashboard without Prometheus; prometheus.test.ts runs them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ERROR_CODES } from '../../src/graphql/errors/error-codes.ts';
import { createMetrics } from '../../src/observability/metrics.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook: string };
}

const rules: readonly Rule[] = parse(read('docker/observability/alerts.yaml')).groups[0].rules;
const runbook = read('docs/operations/runbook.md');

it('the document of each alert is there, with meaning, what to look at and what to do', () => {
  expect(rules.length).toBeGreaterThan(20);
  for (const { alert, annotations } of rules) {
    expect(annotations.runbook).toBe(`docs/operations/runbook.md#${alert.toLowerCase()}`);
    const entry = runbook.split(`\n### ${alert}\n`)[1]?.split('\n#')[0] ?? '';
    expect([alert, ...['Meaning', 'Look at', 'Do'].filter((part) => !entry.includes(`**${part}.**`))]).toEqual([alert]);
  }
});

it('each alert has a test in which it fires', () => {
  const tests: readonly { readonly name: string }[] = parse(read('docker/observability/alerts.test.yaml')).tests;
  expect(rules.map(({ alert }) => alert).filter((alert) => !tests.some(({ name }) => name === alert))).toEqual([]);
});

it('each alert is about the job of one installation, and is tested with a healthy one', () => {
  for (const { alert, expr } of rules) {
    const selectors = [...expr.matchAll(/(?:up|vpcep_gateway_\w+|nodejs_\w+)(?:\{[^}]*\})?/g)].map(([text]) => text);
    expect([
      alert,
      selectors.length > 0,
      ...selectors.filter((text) => !text.includes('{job="vpcep-gateway"')),
    ]).toEqual([alert, true]);
  }
  const { tests } = parse(read('docker/observability/alerts.test.yaml'));
  const healthy = tests.find(({ name }: { readonly name: string }) => name === 'a healthy gateway').alert_rule_test;
  expect(new Set(healthy.map(({ alertname }: { readonly alertname: string }) => alertname))).toEqual(
    new Set(rules.map(({ alert }) => alert)),
  );
});

it('each panel that the runbook names is on the dashboard', () => {
  const { panels }: { readonly panels: readonly { readonly title: string }[] } = JSON.parse(
    read('docker/observability/dashboard.json'),
  );
  const titles = panels.map(({ title }) => title);
  const named = [...runbook.matchAll(/(?<!\*)\*([A-Z][^*\n]+)\*(?!\*)/g)].map(([, name = '']) => name);
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !titles.some((title) => title.startsWith(name)))).toEqual([]);
});

it('each code of an error is in the runbook', () => {
  expect(Object.keys(ERROR_CODES).filter((code) => !runbook.includes(`\`${code}\``))).toEqual([]);
});

describe('the metrics that are named', () => {
  it.each(['docker/observability/alerts.yaml', 'docker/observability/dashboard.json', 'docs/operations/runbook.md'])(
    'in %s exist',
    async (file) => {
      const text = await createMetrics().text();
      const existing = new Set([...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name));
      const named = [...read(file).matchAll(/\bvpcep_gateway_\w+/g)].map(([name]) => name);
      expect(named.length).toBeGreaterThan(3);
      const base = (name: string) => name.replace(/_(?:bucket|count|sum)$/, '');
      expect(named.filter((name) => !existing.has(name) && !existing.has(base(name)))).toEqual([]);
    },
  );
});
