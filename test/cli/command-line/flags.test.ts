import { describe, expect, it } from 'vitest';
import { use } from '../../../cli/questions/asking.ts';
import { flagTable } from '../../../cli/command-line/flag-table.ts';
import { isValueProblem } from '../../../cli/command-line/flag-values.ts';
import { flags } from '../../../cli/command-line/flags.ts';
import { helpFor } from '../../../cli/command-line/help.ts';
import { locateByKey, locateSettings, settingsOf, withSettings } from '../../../cli/command-line/spec-from-flags.ts';
import { knownVerbs, verbWords } from '../../../cli/command-line/verbs.ts';
import { clusterSpecSchema } from '../../../planning/shape/cluster-spec.ts';

/** A value that each flag of the spec takes. */
const examples: Readonly<Record<string, string>> = {
  name: 'lab',
  preset: 'ha',
  addon: 'chronos,registry',
  timing: 'fast',
  'agent-docker': 'socket',
  'image-set': 'stock',
  image: 'marathon=example.org/marathon:1',
  platform: 'mesos-master=linux/amd64',
  bind: '127.0.0.1',
  port: 'marathon=8081',
  'service-ports': '10000-10010',
  'registry-mirror': 'http://10.0.0.1:5000',
  'http-proxy': 'http://10.0.0.1:3128',
  'https-proxy': 'http://10.0.0.1:3128',
  'no-proxy': 'a.example, b.example',
  cluster: 'Cluster',
  attributes: 'rack:abc',
  resources: 'cpus:2',
  'master-flag': 'max_agent_ping_timeouts=3',
  'agent-flag': 'gc_delay=1days',
  'marathon-flag': 'max_apps=10',
  node: 'name=n1,address=192.168.59.11,roles=zookeeper+mesos-master,zookeeper-id=3,attributes=rack:a;level:1,resources=ports:[1-2,5-6],docker=ssh://u@h',
  placement: 'machines',
  runtime: 'hosts',
  vagrant: 'libvirt',
  box: 'bento/debian-12',
  'native-config': 'true',
};

const specFlags = flags.filter(({ read }) => read !== undefined);
const settingsFor = (...uses: readonly (readonly [string, string])[]) =>
  settingsOf(uses.map(([name, value]) => use(name, value)));

describe('flags', () => {
  it.each(specFlags.map(({ name }) => name))('--%s makes a spec that its schema accepts', (name) => {
    const spec = withSettings({ name: 'lab' }, settingsFor([name, examples[name] ?? '3']));
    expect(clusterSpecSchema.safeParse(spec)).toMatchObject({ success: true });
    expect(Object.keys(spec).length).toBe(name === 'name' ? 1 : 2);
  });

  it.each(specFlags.filter(({ value }) => value !== undefined).map(({ name }) => name))(
    '--%s takes no empty value',
    (name) => {
      const read = specFlags.find((flag) => flag.name === name)?.read?.('');
      expect(read !== undefined && isValueProblem(read)).toBe(true);
    },
  );

  it('have names and letters of their own', () => {
    const names = flags.flatMap(({ name, alias }) => [name, ...(alias === undefined ? [] : [alias])]);
    expect(new Set(names).size).toBe(names.length);
  });

  it('join the values of a list, and empty it with none', () => {
    expect(settingsFor(['addon', 'chronos'], ['addon', 'registry,mesos-dns'])).toMatchObject([
      { path: ['addons'], value: ['chronos', 'registry', 'mesos-dns'] },
    ]);
    expect(settingsFor(['addon', 'none'])).toMatchObject([{ path: ['addons'], value: [] }]);
  });

  it('describe a node in one argument', () => {
    expect(settingsFor(['node', examples['node'] ?? ''], ['node', 'name=n2,roles=mesos-agent'])).toMatchObject([
      {
        path: ['nodes'],
        value: [
          {
            name: 'n1',
            address: '192.168.59.11',
            roles: ['zookeeper', 'mesos-master'],
            zookeeperId: 3,
            attributes: 'rack:a;level:1',
            resources: 'ports:[1-2,5-6]',
            docker: 'ssh://u@h',
          },
          { name: 'n2', roles: ['mesos-agent'] },
        ],
      },
    ]);
  });

  it.each([
    'name=n1',
    'n1',
    'name=n1,roles=boss',
    'name=n1,roles=mesos-agent,adress=1',
    'name=n1,roles=mesos-agent,zookeeper-id=x',
  ])('refuse the node %s', (typed) => {
    const read = specFlags.find(({ name }) => name === 'node')?.read?.(typed);
    expect(read !== undefined && isValueProblem(read)).toBe(true);
  });

  it('are the places of the problems that they cause', () => {
    const locate = locateSettings(settingsFor(['masters', '2'], ['node', 'name=n1,roles=mesos-agent']), locateByKey);
    expect(locate(['counts', 'masters'], 'value')).toEqual({ kind: 'flag', flag: '--masters' });
    expect(locate(['nodes', 0, 'address'], 'value')).toEqual({ kind: 'flag', flag: '--node' });
    expect(locate(['counts'], 'value')).toEqual({ kind: 'flag', flag: '--masters' });
    expect(locate(['bind'], 'value')).toEqual({ kind: 'path', path: 'bind' });
  });

  it('cannot reach the prototype of an object', () => {
    const spec = withSettings(
      { name: 'lab' },
      settingsFor(['master-flag', '__proto__=1'], ['master-flag', 'constructor=2']),
    );
    expect(Object.entries(spec.mesos?.master?.flags ?? {})).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});

describe('the help', () => {
  it('fits a terminal of 100 columns', () => {
    const lines = ['create' as const, ...verbWords].flatMap((verb) => helpFor(verb).split('\n'));
    expect(lines.filter((line) => line.length > 100)).toEqual([]);
  });

  it('names every flag and every verb that works', () => {
    const help = helpFor('create');
    for (const { name, verbs } of flags) if (verbs.includes('create')) expect(help).toContain(`--${name}`);
    for (const verb of knownVerbs) expect(help).toContain(`\n  ${verb} `);
    expect(help).not.toContain('__daemon');
  });

  it('makes the tables of the README', () => {
    for (const { name } of flags) expect(flagTable()).toMatch(new RegExp(`\\| \`(-., )?--${name}[ \`]`));
  });
});
