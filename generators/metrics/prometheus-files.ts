import { yamlText } from '../../planning/spec-text/write-yaml.ts';
import type { GeneratedFile } from '../generated-file.ts';
import { headerComment } from '../text/header-comment.ts';
import { entry, flow, list, map, type YamlEntry } from '../text/yaml-text.ts';
import { alertRules, type AlertTiming } from './alert-rules.ts';

/** A group of addresses that Prometheus asks, `metrics:9105`. */
export interface ScrapeJob {
  readonly name: string;
  readonly addresses: readonly string[];
}

export interface PrometheusSettings {
  readonly jobs: readonly ScrapeJob[];
  readonly intervalSeconds: number;
  readonly timing: AlertTiming;
}

/** Of Prometheus: whom it asks, and what it warns of (docs/configuration of Prometheus). */
export function prometheusFiles(settings: PrometheusSettings): readonly GeneratedFile[] {
  const { jobs, intervalSeconds } = settings;
  const job = ({ name, addresses }: ScrapeJob) =>
    map([entry('job_name', name), entry('static_configs', list([map([entry('targets', flow(addresses))])]))]);
  const config = map([
    entry(
      'global',
      map([
        entry('scrape_interval', `${intervalSeconds}s`),
        entry('scrape_timeout', `${Math.min(10, intervalSeconds)}s`),
        entry('evaluation_interval', `${intervalSeconds}s`),
      ]),
    ),
    entry('rule_files', flow(['alerts.yml'])),
    entry('scrape_configs', list(jobs.filter(({ addresses }) => addresses.length > 0).map(job))),
  ]);
  return [
    { path: 'prometheus.yml', content: headerComment + yamlText(config) },
    { path: 'alerts.yml', content: headerComment + yamlText(rulesOf(settings.timing)) },
  ];
}

function rulesOf(timing: AlertTiming) {
  const rules = alertRules(timing).map(({ name, query, severity, summary }) =>
    map([
      entry('alert', name),
      entry('expr', query),
      entry('for', `${timing.patienceSeconds}s`),
      nested('labels', 'severity', severity),
      nested('annotations', 'summary', summary),
    ]),
  );
  return map([entry('groups', list([map([entry('name', 'mesos'), entry('rules', list(rules))])]))]);
}

const nested = (key: string, name: string, value: string): YamlEntry => entry(key, map([entry(name, value)]));
