import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { vagrantfile } from '../../generators/machines/vagrantfile.ts';
import type { ClusterSpec } from '../../planning/shape/cluster-spec.ts';
import type { Plan } from '../../planning/plan/plan.ts';
import { planCluster } from '../../planning/plan/plan-cluster.ts';
import { imageSetNames, vagrantProviders, type ImageSetName } from '../../planning/catalogue/roles.ts';
import { requireTool } from '../support/require-tool.ts';

const threeVm = (extra: Partial<ClusterSpec> = {}): Plan => planCluster({ name: 'lab', preset: 'three-vm', ...extra });
const hasRuby = requireTool('ruby', ['ruby', '-v']);
const folder = mkdtempSync(join(tmpdir(), 'vagrantfile-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** A fake of Vagrant: it writes down every assignment and call that the Vagrantfile makes. */
const fakeVagrant = `
require 'json'
class FakeVagrant
  def initialize(path, log); @path = path; @log = log; end
  def method_missing(name, *args, **named, &block)
    inner = FakeVagrant.new([@path, name, args.first.is_a?(String) && block ? args.first : nil].compact.join('.'), @log)
    @log << ["#{@path}.#{name}", args, named] unless args.empty? && named.empty?
    block&.call(*[inner, self].first(block.arity == 1 ? 1 : 2))
    inner
  end
  def respond_to_missing?(*) = true
  def self.configure(_version); log = []; yield new('config', log); puts JSON.generate(log); end
  def self.require_version(*) = nil
end
Vagrant = FakeVagrant
load ARGV.fetch(0)
warn ENV.values_at('VAGRANT_PREFERRED_PROVIDERS', 'VAGRANT_DEFAULT_PROVIDER').compact.join(' ')
`;

interface Call {
  readonly path: string;
  readonly args: readonly unknown[];
  readonly named: Readonly<Record<string, unknown>>;
}

/** What a Vagrantfile tells Vagrant, and the provider it prefers, by the real Ruby. */
function evaluate(content: string, env: NodeJS.ProcessEnv = {}): { calls: readonly Call[]; provider: string } {
  writeFileSync(join(folder, 'fake.rb'), fakeVagrant);
  writeFileSync(join(folder, 'Vagrantfile'), content);
  const { status, stdout, stderr } = spawnSync('ruby', [join(folder, 'fake.rb'), join(folder, 'Vagrantfile')], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });
  const calls = JSON.parse(stdout) as [string, unknown[], Record<string, unknown>][];
  return { calls: calls.map(([path, args, named]) => ({ path, args, named })), provider: stderr.trim() };
}

const argsOf = (calls: readonly Call[], path: string) =>
  calls.filter((call) => call.path === path).map((it) => it.args[0]);

describe('the Vagrantfile', () => {
  it('names the program and the command that wrote it', () => {
    const { path, content } = vagrantfile(threeVm());
    expect(path).toBe('Vagrantfile');
    expect(content).toContain('Written by create-mesos-cluster from mesos-cluster.yaml');
    expect(content).toContain('npm run generate');
    expect(content.endsWith('end\n')).toBe(true);
  });

  it('uses the box of the spec for every provider', () => {
    const { content } = vagrantfile(threeVm({ vagrant: { box: 'debian/bookworm64' } }));
    expect(content.match(/\.box = .*/g)).toEqual([".box = 'debian/bookworm64'"]);
  });

  it('restarts the machines for cgroup v1 with stock Mesos only, on a box that still has it', () => {
    expect(vagrantfile(threeVm()).content).not.toContain('reboot');
    const { content } = vagrantfile(threeVm({ images: { set: 'stock' } }));
    expect(content).toContain("args: ['cgroup-v1'], reboot: true");
    expect(content).toContain("config.vm.box = 'bento/ubuntu-22.04'");
  });

  it('grows with the nodes by one line each', () => {
    const nodes = Array.from({ length: 10_000 }, (_, index) => ({
      name: `n${index}`,
      address: `10.0.${index >> 8}.${index & 255}`,
      roles: ['mesos-agent'] as const,
      components: [],
    }));
    expect(vagrantfile({ ...threeVm(), nodes }).content.split('\n').length).toBeLessThan(10_100);
  });

  it('is not written for a plan without virtual machines or addresses, nor for a folder outside', () => {
    expect(() => vagrantfile(planCluster({ name: 'lab' }))).toThrow('no virtual machines');
    expect(() => vagrantfile({ ...threeVm(), nodes: [{ name: 'a', roles: [], components: [] }] })).toThrow(
      'no address',
    );
    for (const labFolder of ['..', 'a/../b', '/etc', './a']) {
      expect(() => vagrantfile(threeVm(), { labFolder })).toThrow('leaves');
    }
  });
});

describe.skipIf(!hasRuby)('the Vagrantfile, read by the real Ruby', () => {
  it.each(vagrantProviders.flatMap((provider) => imageSetNames.map((set) => ({ provider, set }))))(
    'has no warning for $provider with images of $set',
    ({ provider, set }) => {
      const { content } = vagrantfile(threeVm({ vagrant: { provider, cpus: 3, memoryMb: 4096 }, images: { set } }));
      const { status, stdout, stderr } = spawnSync('ruby', ['-wc'], { input: content, encoding: 'utf8' });
      expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'Syntax OK\n', stderr: '' });
    },
  );

  it('defines a machine per node with its name and address, and all four providers', () => {
    const { calls } = evaluate(vagrantfile(threeVm({ vagrant: { cpus: 3, memoryMb: 4096 } })).content);
    expect(argsOf(calls, 'config.vm.define.node1.vm.hostname=')).toEqual(['node1']);
    expect(calls.filter(({ path }) => path.endsWith('.network')).map(({ named }) => named['ip'])).toEqual([
      '192.168.59.11',
      '192.168.59.12',
      '192.168.59.13',
    ]);
    for (const provider of ['virtualbox', 'libvirt', 'parallels']) {
      expect(argsOf(calls, `config.vm.provider.${provider}.memory=`)).toEqual([4096]);
      expect(argsOf(calls, `config.vm.provider.${provider}.cpus=`)).toEqual([3]);
    }
    expect(argsOf(calls, 'config.vm.provider')).toContain('vmware_desktop');
  });

  it('copies and starts the containers of each node at every vagrant up, and shares no folder', () => {
    const { calls } = evaluate(vagrantfile(threeVm(), { labFolder: 'examples/three-vm' }).content);
    const ofNode2 = calls.filter(({ path }) => path === 'config.vm.define.node2.vm.provision');
    expect(ofNode2.map(({ named }) => named['run'])).toEqual(['always', 'always']);
    expect(ofNode2[0]?.named['source']).toBe(`${folder}/examples/three-vm/nodes/node2/.`);
    expect(ofNode2[0]?.named['destination']).toBe('/tmp/mesos-cluster/nodes/node2');
    expect(ofNode2[1]?.named['args']).toEqual(['start', '/tmp/mesos-cluster', 'node2']);
    expect(calls.find(({ path }) => path === 'config.vm.synced_folder')?.named).toEqual({ disabled: true });
  });

  it('copies what the lite image is built from, and nothing else of the lab', () => {
    const copied = (set: ImageSetName) => {
      const { calls } = evaluate(vagrantfile(threeVm({ images: { set } })).content);
      const ofNode2 = calls.filter(({ path }) => path === 'config.vm.define.node2.vm.provision');
      return ofNode2.flatMap(({ named }) => (named['type'] === 'file' ? [named['destination']] : []));
    };
    expect(copied('clusterd')).toEqual(['/tmp/mesos-cluster/nodes/node2']);
    expect(copied('lite')).toEqual([
      '/tmp/mesos-cluster/nodes/node2',
      '/tmp/mesos-cluster/.mesos-cluster/tool',
      '/tmp/mesos-cluster/images/lite',
    ]);
  });

  it('passes on where Docker comes from, when the environment says so, and no other variable', () => {
    const { content } = vagrantfile(threeVm());
    const env = (environment: NodeJS.ProcessEnv) =>
      evaluate(content, environment).calls.find(({ args }) => args[0] === 'docker')?.named['env'];
    expect(env({ SECRET: 'x' })).toEqual({});
    expect(env({ DOCKER_APT_URL: 'http://mirror/docker' })).toEqual({ DOCKER_APT_URL: 'http://mirror/docker' });
  });

  it('prefers the provider of the plan, and leaves the choice to Vagrant and the environment', () => {
    const { content } = vagrantfile(threeVm({ vagrant: { provider: 'parallels' } }));
    expect(evaluate(content).provider).toBe('parallels');
    expect(evaluate(content, { VAGRANT_DEFAULT_PROVIDER: 'libvirt' }).provider).toBe('parallels libvirt');
  });

  it('gives hostile names, boxes and folders to Vagrant as they are', () => {
    const name = `no'de #{exit 7} $(exit 7) "x"\n🐘\\`;
    const plan = threeVm({ vagrant: { box: name } });
    const nodes = [{ name, address: name, roles: ['mesos-agent'], components: [] }] as const;
    const { calls } = evaluate(vagrantfile({ ...plan, nodes }, { labFolder: 'a #{exit 7}' }).content);
    expect(argsOf(calls, 'config.vm.define')).toEqual([name]);
    expect(argsOf(calls, 'config.vm.box=')).toEqual([name]);
  });
});
