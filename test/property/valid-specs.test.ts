import fc from 'fast-check';
import { expect, it } from 'vitest';
import { generateFiles } from '../../generators/generate-files.ts';
import type { GeneratedFile } from '../../generators/generated-file.ts';
import { staysInside } from '../../lab/lab-layout.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { loadSpec } from '../../planning/spec-text/load-spec.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { preparePlan } from '../../planning/plan/prepare-plan.ts';
import { specText } from '../../planning/spec-text/write-spec.ts';
import { composeSchemaErrors, isComposeFile, readCompose, type Service } from '../support/compose-file.ts';
import { validSpec } from './valid-specs.ts';
import { trials } from '../support/trials.ts';

/** More with PROPERTY_RUNS=5000. */
const numRuns = trials('PROPERTY_RUNS', { usual: 40, thorough: 150 });
const encode = (text: string) => new TextEncoder().encode(text);

async function generate(spec: ClusterSpec): Promise<{ plan: Plan; files: readonly GeneratedFile[] }> {
  const { plan } = await preparePlan(spec, (path) => ({ kind: 'path', path: path.join('.') }));
  return { plan, files: await generateFiles(plan) };
}

const always = (property: (spec: ClusterSpec) => Promise<void>) =>
  fc.assert(fc.asyncProperty(validSpec, property), { numRuns, interruptAfterTimeLimit: 600_000 });

const timeout = { timeout: 600_000 };

it('every valid spec gives Compose files that the schema takes, and whose numbers agree', timeout, async () => {
  await always(async (spec) => {
    const { plan, files } = await generate(spec);
    const composeFiles = files.filter(isComposeFile).map(({ path, content }) => ({ path, file: readCompose(content) }));
    for (const { path, file } of composeFiles) {
      expect(composeSchemaErrors(file), path).toEqual([]);
      expect(file.name).toBe(plan.name);
    }
    expectAgreement(composeFiles.flatMap(({ file }) => Object.values(file.services)));
  });
});

it('every valid spec gives files with unique and safe names, LF, and a line end at the end', timeout, async () => {
  await always(async (spec) => {
    const { files } = await generate(spec);
    const paths = files.map(({ path }) => path);
    expect(new Set(paths.map((path) => path.toLowerCase())).size).toBe(paths.length);
    expect(paths.filter((path) => !staysInside(path))).toEqual([]);
    expect(files.filter(({ content }) => content.includes('\r') || !/[^\n]\n$/.test(content))).toEqual([]);
  });
});

it('every valid spec survives being written and read, and gives the same files again', timeout, async () => {
  await always(async (spec) => {
    const { spec: read } = loadSpec(encode(specText(spec)), 'mesos-cluster.yaml');
    expect(read).toEqual(spec);
    expect(await generate(read)).toEqual(await generate(spec));
  });
});

const roleOf = ({ labels }: Service) => String(labels?.['create-mesos-cluster.role']);
const valueOf = ({ environment }: Service, name: string): string => {
  const value = environment?.[name];
  return typeof value === 'string' ? value : '';
};

/** Numbers are counted again here, from nothing but the files. */
function expectAgreement(services: readonly Service[]): void {
  const ofRole = (role: string) => services.filter((service) => roleOf(service) === role);
  const zookeepers = ofRole('zookeeper');
  const masters = ofRole('mesos-master');

  const quorum = String(Math.floor(masters.length / 2) + 1);
  expect(masters.map((service) => valueOf(service, 'MESOS_QUORUM'))).toEqual(masters.map(() => quorum));

  const [serverLines = '', ...others] = new Set(zookeepers.map((service) => valueOf(service, 'ZOO_SERVERS')));
  expect(others).toEqual([]);
  const members = serverLines.split(' ').map((line) => {
    const [, id, host, client] = /^server\.(\d+)=([^:]+):2888:3888;(?:[^:]+:)?(\d+)$/.exec(line) ?? [];
    return { id, address: `${host ?? ''}:${client ?? ''}` };
  });
  const ids = zookeepers.map((service) => valueOf(service, 'ZOO_MY_ID'));
  expect(members.map(({ id }) => id)).toEqual(ids);
  expect(new Set(ids).size).toBe(zookeepers.length);
  expect(ids.every((id) => Number(id) >= 1 && Number(id) <= 255)).toBe(true);

  const zk = `zk://${members.map(({ address }) => address).join(',')}/`;
  const urls = [
    ...masters.map((service) => valueOf(service, 'MESOS_ZK')),
    ...ofRole('mesos-agent').map((service) => valueOf(service, 'MESOS_MASTER')),
    ...ofRole('marathon').map((service) => valueOf(service, 'MARATHON_MASTER')),
  ];
  expect(new Set(urls).size).toBe(1);
  expect(
    [...urls, ...ofRole('marathon').map((service) => valueOf(service, 'MARATHON_ZK'))].filter(
      (url) => !url.startsWith(zk),
    ),
  ).toEqual([]);

  const published = services.flatMap(({ ports }) => ports ?? []);
  expect(new Set(published).size).toBe(published.length);
}
