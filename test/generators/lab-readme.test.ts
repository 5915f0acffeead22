import { describe, expect, it } from 'vitest';
import { exitCodes } from '../../errors/exit-codes.ts';
import { exampleApps, firstTaskPort } from '../../generators/app-definitions.ts';
import { labPackage } from '../../generators/lab-package.ts';
import { labReadme } from '../../generators/lab-readme.ts';
import { pageOf } from '../../planning/catalogue/pages.ts';
import { addons } from '../../planning/catalogue/roles.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { leftOut } from '../../runtimes/embedded/plan-to-run.ts';

const plan = (spec: Partial<ClusterSpec> = {}) => planCluster({ name: 'lab', ...spec });
const readme = (spec: Partial<ClusterSpec> = {}) => labReadme(plan(spec)).content;
/** Two machines that nobody makes. */
const twoHosts: Partial<ClusterSpec> = { preset: 'two-host', addons: ['registry'] };
/** The block of code behind a text. */
const blockAfter = (text: string, before: string) =>
  /```\w*\n([\s\S]*?)\n```/.exec(text.slice(text.indexOf(before)))?.[1] ?? '';

describe('the README of a lab', () => {
  it('has the line of /etc/hosts that the page of Mesos needs', () => {
    const text = readme({ preset: 'ha' });
    expect(blockAfter(text, '/etc/hosts')).toBe('127.0.0.1 master1 master2 master3 agent1 agent2 agent3');
    expect(text).not.toContain('prints the whole line');
    expect(readme({ preset: 'three-vm' })).not.toContain('/etc/hosts');
  });

  it('leads to answers that a browser can show where there are no web pages', () => {
    const lite = readme({ preset: 'ha', images: { set: 'lite' } });
    expect(lite).toContain('<http://127.0.0.1:5050/state>');
    expect(lite).toContain('<http://127.0.0.1:8080/v2/apps>');
    expect(lite).not.toContain('that page stays empty');
    expect(blockAfter(lite, '/etc/hosts')).toContain('127.0.0.1 master1');
    expect(readme({ images: { set: 'lite' } })).not.toContain('/etc/hosts');
    expect(readme()).toContain('<http://127.0.0.1:5050>');
  });

  it('shows how to end, start and look into a part where the lab has one Engine', () => {
    expect(readme()).toContain('npm run stop -- agent1');
    expect(readme({ preset: 'three-vm' })).not.toContain('npm run stop');
  });

  it.each([
    ['0.0.0.0', '127.0.0.1'],
    ['192.168.1.7', '192.168.1.7'],
    ['::1', '::1'],
  ])('has the address in it that ports bound to %s are reached at', (bind, address) => {
    expect(blockAfter(readme({ bind }), '/etc/hosts')).toBe(`${address} master1 agent1 agent2`);
  });

  it('shortens that line in a lab of many agents, and says where all of it is', () => {
    const text = readme({ counts: { agents: 30 } });
    expect(blockAfter(text, '/etc/hosts').split(' ')).toHaveLength(1 + 20);
    expect(text).toContain('11 more names belong to it: `npm run plan`');
  });

  it('says what outlives a lab: sandboxes on machines of others, and nothing on this one', () => {
    const words = 'stays on each machine with an agent; there, `sudo rm -r /var/lib/mesos` removes it';
    expect(readme({ preset: 'two-host' })).toContain(words);
    for (const spec of [{}, { agentDocker: 'socket' }, { preset: 'three-vm' }] as const) {
      expect(readme(spec)).not.toMatch(/ stays on each | outlive /);
    }
  });

  it('has the daemon.json of machines that the lab does not set up', () => {
    const proxy = { http: 'http://proxy.example.com:3128' };
    expect(JSON.parse(blockAfter(readme({ ...twoHosts, proxy }), 'daemon.json'))).toEqual({
      'registry-mirrors': ['http://10.86.255.166:5001'],
      'insecure-registries': ['10.86.255.166:5000', '10.86.255.166:5001'],
      proxies: { 'http-proxy': proxy.http, 'no-proxy': 'localhost,127.0.0.1,10.86.255.166,10.86.255.167' },
    });
  });

  it('has the daemon.json of this machine when its Engine runs the tasks, without registries that it cannot reach', () => {
    const socket: Partial<ClusterSpec> = { agentDocker: 'socket', addons: ['registry'] };
    const registryMirror = 'http://mirror.example.com:5000';
    expect(JSON.parse(blockAfter(readme({ ...socket, registryMirror }), 'daemon.json'))).toEqual({
      'registry-mirrors': [registryMirror],
      'insecure-registries': ['mirror.example.com:5000'],
    });
    expect(readme(socket)).not.toContain('daemon.json');
    expect(readme({ addons: ['registry'], registryMirror })).not.toContain('daemon.json');
  });

  it.each<[Partial<ClusterSpec>, string, string]>([
    [{ addons: ['registry'] }, '127.0.0.1:5000', 'registry:5000'],
    [{ addons: ['registry'], ports: { registry: 5500 } }, '127.0.0.1:5500', 'registry:5000'],
    [{ addons: ['registry'], agentDocker: 'socket' }, '127.0.0.1:5000', '127.0.0.1:5000'],
    [twoHosts, '10.86.255.166:5000', '10.86.255.166:5000'],
  ])('says how images get into the registry of %j', (spec, push, pull) => {
    const text = readme(spec);
    expect(text).toContain(`docker push ${push}/my-app`);
    expect(text).toContain(`"image": "${pull}/my-app"`);
    expect(text.includes('The registry has no TLS')).toBe(!push.startsWith('127.'));
  });

  it('says how a lab on one host runs with Docker and without, and only there', () => {
    const text = readme({ addons: ['registry'] });
    expect(text).toContain('**Docker containers are simulated**');
    expect(text).toContain('ZooKeeper (it elects in memory), The private registry |');
    expect(text).toContain('npm run up -- --port-offset 100');
    expect(readme({ preset: 'three-vm' })).not.toContain('embedded');
    expect(readme(twoHosts)).not.toContain('embedded');
  });

  it('names what is not there without Docker', () => {
    const withAll = { addons: [...addons] };
    const titles = leftOut(plan(withAll)).map(({ role }) => pageOf(role).title);
    expect(titles).toContain('Grafana (dashboards)');
    expect(readme(withAll)).toContain(`| ZooKeeper (it elects in memory), ${titles.join(', ')} |`);
  });

  it('names the exit codes that scripts need', () => {
    const told = `${exitCodes.notReady} when the lab does not run or does not get ready, ${exitCodes.verification} when a check`;
    expect(readme()).toContain(told);
    expect(readme({ preset: 'three-vm' })).toContain(told);
  });

  it('stands beside scripts for every verb that works on a lab', () => {
    const scripts = (spec: Partial<ClusterSpec>) =>
      Object.keys((JSON.parse(labPackage(plan(spec)).content) as { readonly scripts: object }).scripts);
    expect(scripts({})).toEqual(expect.arrayContaining(['stop', 'start', 'exec']));
    expect(scripts({})).not.toContain('ssh');
    expect(scripts({ preset: 'three-vm' })).toContain('ssh');
  });

  it.each<Partial<ClusterSpec>>([{}, { preset: 'three-vm' }, twoHosts])('uses scripts that the lab has: %j', (spec) => {
    const { scripts } = JSON.parse(labPackage(plan(spec)).content) as { readonly scripts: object };
    const used = [...readme(spec).matchAll(/npm run ([\w-]+)/g)].map(([, name]) => name);
    expect(used).toContain('verify');
    expect(used.filter((name) => !Object.keys(scripts).includes(name ?? ''))).toEqual([]);
  });

  it.each<[string, Partial<ClusterSpec>]>([
    ['that exist', { preset: 'two-host' }],
    ['of Vagrant', { preset: 'three-vm' }],
  ])('starts, ends and logs in to machines %s from here', (_title, spec) => {
    const steps = blockAfter(readme(spec), '## First steps');
    for (const step of ['npm run up ', 'npm run down ', 'npm run ssh -- ']) expect(steps).toContain(step);
    expect(blockAfter(readme(spec), '## Clean up')).toContain('npm run down');
  });

  it('says which machines have no way in yet', () => {
    expect(readme(twoHosts)).toContain('test166, test167 have none yet: add `docker: ssh://USER@10.86.255.166`');
    const reached: Partial<ClusterSpec> = {
      placement: 'machines',
      nodes: [
        {
          name: 'a',
          address: '10.0.0.1',
          docker: 'ssh://ann@10.0.0.1',
          roles: ['zookeeper', 'mesos-master', 'mesos-agent'],
        },
      ],
    };
    expect(readme(reached)).not.toContain('none yet');
    expect(readme({ preset: 'three-vm' })).not.toContain('none yet');
  });

  it('starts the add-ons of machines that exist already', () => {
    expect(readme(twoHosts)).toContain("docker compose --profile '*' up --detach");
    expect(readme({ preset: 'three-master' })).toContain('docker compose up --detach');
  });
});

describe('the example apps', () => {
  const portOf = (spec: Partial<ClusterSpec>) =>
    JSON.stringify(exampleApps(plan(spec))[1]).match(/"hostPort":(\d+)/)?.[1];

  it.each([
    ['nothing', undefined, '31000'],
    ['ports', 'cpus:2;ports:[21000-24000,30000-34000]', '21000'],
    ['ports of a role first', 'ports(web):[100-200]; ports : [ 300-400 ]', '300'],
    ['no ports', 'cpus:2', '31000'],
    ['JSON', '[{"name":"ports","type":"RANGES","ranges":{"range":[{"begin":25000,"end":26000}]}}]', '25000'],
  ])('ask for the first port that agents offer whose resources say %s', (_name, resources, port) => {
    const agent = resources === undefined ? {} : { resources };
    expect(portOf({ mesos: { agent } })).toBe(port);
    expect(readme({ mesos: { agent } })).toContain(`(${port}): an agent runs only one`);
  });

  it('have the port of the first agent where agents share an Engine', () => {
    expect(firstTaskPort(plan({ agentDocker: 'socket' }))).toBe(31_000);
    expect(readme({ agentDocker: 'socket' })).toContain('(31000, which only agent1 offers)');
  });

  it('give nginx room for its workers', () => {
    expect(exampleApps(plan())[2]).toMatchObject({ id: 'nginx', mem: 64 });
  });
});
