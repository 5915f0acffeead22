import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { dashboardJson, type Dashboard } from '../../../generators/grafana/dashboards/dashboard.ts';
import { dashboards } from '../../../generators/grafana/dashboards/dashboards.ts';
import { logsDashboard } from '../../../generators/grafana/dashboards/logs-dashboard.ts';
import { grafana } from '../../../planning/components/grafana.ts';

const here = dirname(fileURLToPath(import.meta.url));

const options: ts.CompilerOptions = {
  ...{ strict: true, noEmit: true, skipLibCheck: true, types: [], allowImportingTsExtensions: true },
  ...{ target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.NodeNext },
};

/**
 * What the compiler says of texts that are said to be dashboards.
 * @param written their JSON, by a name
 */
function faultsOf(
  written: Readonly<Record<string, { readonly json: string; readonly keptBy: Dashboard['keptBy'] }>>,
): Readonly<Record<string, readonly string[]>> {
  const files = new Map(
    Object.entries(written).map(([name, { json, keptBy }]) => {
      const type = keptBy === 'loki' ? 'DashboardOfLoki' : 'DashboardOfPrometheus';
      const text = `import type { ${type} } from './dashboard-types.fixture.ts';\nexport const it: ${type} = ${json};\n`;
      return [join(here, `of-a-test-${name}.ts`), text] as const;
    }),
  );
  const host = ts.createCompilerHost(options);
  const program = ts.createProgram([...files.keys()], options, {
    ...host,
    fileExists: (path) => files.has(path) || host.fileExists(path),
    readFile: (path) => files.get(path) ?? host.readFile(path),
    getSourceFile: (path, version) => {
      const text = files.get(path);
      return text === undefined ? host.getSourceFile(path, version) : ts.createSourceFile(path, text, version);
    },
  });
  const faults = [...files.keys()].map((path) =>
    ts
      .getPreEmitDiagnostics(program, program.getSourceFile(path))
      .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n')),
  );
  return Object.fromEntries(Object.keys(written).map((name, index) => [name, faults[index] ?? []]));
}

const all = [...dashboards, logsDashboard];
const [cluster] = dashboards;
const clusterJson = cluster === undefined ? '' : dashboardJson(cluster);
const logsJson = dashboardJson(logsDashboard);

/** The first place where a text stands has another one. */
const changed = (json: string, from: string, to: string) => {
  expect(json).toContain(from);
  return json.replace(from, to);
};

test('the types are of the Grafana that a lab runs', () => {
  const { devDependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const [, version = ''] = grafana.image?.reference.split(':') ?? [];
  expect(devDependencies['@grafana/grafana-foundation-sdk']).toMatch(new RegExp(`^${version}-`));
});

test("every dashboard is what Grafana's own types allow, and these notice what is not", () => {
  const wrong = {
    field: changed(clusterJson, '"tags": [', '"labels": [], "tags": ['),
    panel: changed(clusterJson, '"gridPos"', '"grid"'),
    place: changed(clusterJson, '"h": 4', '"height": 4'),
    option: changed(clusterJson, '"reduceOptions"', '"reduceOption"'),
    value: changed(clusterJson, '"displayMode": "list"', '"displayMode": "lines"'),
    query: changed(clusterJson, '"expr"', '"expression"'),
    type: changed(clusterJson, '"schemaVersion": 39', '"schemaVersion": "39"'),
    kind: changed(clusterJson, '"type": "stat"', '"type": "graph"'),
    link: changed(clusterJson, '"type": "dashboards"', '"type": "dashboard"'),
  };
  const wrongLogs = {
    variable: changed(logsJson, '"includeAll"', '"all"'),
    number: changed(logsJson, '"refresh": 2', '"refresh": 7'),
    order: changed(logsJson, '"sortOrder": "Descending"', '"sortOrder": "descending"'),
  };
  const entries = [
    ...all.map((each) => [each.id, { json: dashboardJson(each), keptBy: each.keptBy }] as const),
    ...Object.entries(wrong).map(([name, json]) => [name, { json, keptBy: 'prometheus' as const }] as const),
    ...Object.entries(wrongLogs).map(([name, json]) => [name, { json, keptBy: 'loki' as const }] as const),
  ];
  const faults = faultsOf(Object.fromEntries(entries));
  expect(all.map(({ id }) => [id, faults[id]])).toEqual(all.map(({ id }) => [id, []]));
  const unnoticed = [...Object.keys(wrong), ...Object.keys(wrongLogs)].filter((name) => faults[name]?.length === 0);
  expect(unnoticed).toEqual([]);
});
