import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, tell } from './measure.mjs';

const script = fileURLToPath(new URL('../scripts/three-hosts.sh', import.meta.url));
const testImage = (name) => `create-mesos-cluster-test/${name}:local`;
/** A round takes about half a minute. */
const mostRounds = 5;

/**
 * The same roles on one host and on three, each an Engine of its own in namespaces of this machine (scripts/three-hosts.sh,
 * needs root): `up` until verified, in turn, with all images there. Whatever happens, the hosts are removed.
 * @param {string} program
 * @param {number} rounds
 */
export function hostsFigures(program, rounds) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hosts-'));
  const state = { HOSTS_STATE: join(folder, 'hosts'), HOSTS_NAME: 'bench-hosts', HOSTS_FIRST: '192.168.58.11' };
  const env = { ...process.env, ...state, XDG_STATE_HOME: folder };
  const hosts = (...words) => execFileSync(script, words, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  try {
    const nodes = hosts('up', '3')
      .trim()
      .split('\n')
      .map((line) => line.split(' '));
    hosts('load', testImage('zookeeper'), testImage('node'), 'nginx:1.27');
    env.PATH = `${state.HOSTS_STATE}/bin:${env.PATH}`;
    const labs = [makeLab('one', onOne()), makeLab('three', onThree(nodes))];
    const times = new Map(labs.map(({ name }) => [name, []]));
    const last = Math.min(rounds, mostRounds);
    for (let round = 0; round <= last; round += 1) {
      for (const lab of labs) {
        tell(`hosts, ${lab.name}: ${round === 0 ? 'first start' : `round ${round} of ${last}`}`);
        const ms = lab.up();
        // The first one builds the image.
        if (round > 0) times.get(lab.name).push(ms);
        lab.down();
      }
    }
    const [one, three] = [median(times.get('one')), median(times.get('three'))];
    return [
      { name: 'one host: up to verified', value: one / 1000, unit: 's' },
      { name: 'three hosts: up to verified', value: three / 1000, unit: 's' },
      { name: 'three hosts / one host', value: three / one, unit: 'x', target: 1.5 },
    ];
  } finally {
    hosts('down');
    rmSync(folder, { recursive: true, force: true });
  }

  function makeLab(name, spec) {
    const run = (words, cwd) => {
      const startedAt = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [program, ...words], { cwd, env, encoding: 'utf8' });
      if (status !== 0) throw new Error(`${words.join(' ')}: ${stderr.slice(-1000)}`);
      return performance.now() - startedAt;
    };
    writeFileSync(join(folder, `${name}.yaml`), JSON.stringify(spec));
    run([name, '--spec', `${name}.yaml`, '--yes'], folder);
    const directory = join(folder, name);
    const flags = spec.placement === 'machines' ? [] : ['--runtime', 'docker'];
    return { name, up: () => run(['up', ...flags], directory), down: () => run(['down'], directory) };
  }
}

const images = {
  set: 'lite',
  build: { base: testImage('node'), dockerCli: testImage('node') },
  overrides: { zookeeper: { image: testImage('zookeeper') }, 'docker-engine': { image: testImage('dind') } },
};

const onOne = () => ({
  ...{ name: `bench-one-${process.pid}`, preset: 'single', images },
  ports: { offset: 1000 + 100 * Math.floor(Math.random() * 180) },
});

/** Whom the hosts of scripts/three-hosts.sh let in. */
const user = 'root';

/** The roles of the preset `single`: reference B. */
const onThree = (nodes) => ({
  ...{ name: `bench-three-${process.pid}`, placement: 'machines', images },
  nodes: nodes.map(([name, address], index) => ({
    ...{ name, address, docker: `ssh://${user}@${address}` },
    roles: index === 0 ? ['zookeeper', 'mesos-master', 'marathon', 'marathon-lb'] : ['mesos-agent'],
  })),
});
