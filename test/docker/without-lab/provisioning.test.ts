import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ClusterSpec } from '../../../planning/shape/cluster-spec.ts';
import { planCluster } from '../../../planning/plan/plan-cluster.ts';
import { requireTool } from '../../support/require-tool.ts';
import { writeLabFiles, type LabInFolder } from '../support/lab-in-folder.ts';
import { imageOf, prepareMachines, startMachine, type Machine, type System } from '../support/machine.ts';

/*
 * provision.sh, as Vagrant runs it, on a clean Debian 12 and a clean Ubuntu 24.04 with a real systemd. Real: apt and the
 * archives of both, dpkg, systemd, Docker, Compose, the proxy, a network that has no other way out. Stand-ins: the
 * packages of Docker's apt repository (this machine's Docker under their names), a container's start for a boot, and
 * images that are there already.
 */

const root = fileURLToPath(new URL('../../..', import.meta.url));
const systems: readonly System[] = ['debian', 'ubuntu'];
const name = `provisioning-test-${String(process.pid)}`;
const [inside, outside] = [`${name}-inside`, `${name}-outside`];
const proxyImage = 'create-mesos-cluster-test/proxy:local';
const nodeImage = 'create-mesos-cluster-test/node:local';
const idle = 'debian:12-local';
// Not one of those that Docker takes for networks of other tests (172.17.0.0/12, 192.168.0.0/16).
const subnet = '10.157.0.0/24';
const dockerApt = { DOCKER_APT_URL: 'http://packages' };

/** Not started here: the other node. */
const node2: NonNullable<ClusterSpec['nodes']>[number] = {
  name: 'node2',
  address: '10.157.0.12',
  roles: ['mesos-master', 'marathon', 'mesos-agent'],
};
const spec: ClusterSpec = {
  name,
  placement: 'machines',
  nodes: [{ name: 'node1', address: '10.157.0.11', roles: ['zookeeper'] }, node2],
  vagrant: { provider: 'virtualbox' },
  proxy: { http: 'http://proxy:3128', https: 'http://proxy:3128' },
  images: { overrides: { zookeeper: { image: idle, command: ['sleep', 'infinity'] } } },
};
const liteSpec: ClusterSpec = {
  ...spec,
  nodes: [{ name: 'node1', address: '10.157.0.11', roles: ['zookeeper', 'marathon'] }, node2],
  images: { ...spec.images, set: 'lite', build: { base: nodeImage, dockerCli: nodeImage } },
};

const probes = ['docker info', 'command -v debootstrap', 'command -v dpkg-scanpackages', 'command -v gpg'];
const hasTools = probes.every((probe) => requireTool(probe, ['sh', '-c', probe]));
const packages = mkdtempSync(join(tmpdir(), 'docker-packages-'));

const proxyLog = async () => (await execa('docker', ['logs', `${name}-proxy`], { all: true })).all;

describe.skipIf(!hasTools)('provision.sh on a clean machine behind a proxy', () => {
  let lab: LabInFolder;
  beforeAll(async () => {
    lab = await writeLabFiles(planCluster(spec));
    await prepareMachines(systems, proxyImage, packages);
    await execa('docker', ['network', 'create', '--internal', '--subnet', subnet, inside]);
    await execa('docker', ['network', 'create', outside]);
    const serve = ['--network-alias', 'packages', '--volume', `${packages}:/packages:ro`, proxyImage];
    const server = ['busybox', 'httpd', '-f', '-p', '80', '-h', '/packages'];
    await execa('docker', ['run', '--detach', '--name', `${name}-packages`, '--network', outside, ...serve, ...server]);
    await execa('docker', ['run', '--detach', '--name', `${name}-proxy`, '--network', outside, proxyImage]);
    await execa('docker', ['network', 'connect', '--alias', 'proxy', inside, `${name}-proxy`]);
  }, 900_000);

  afterAll(async () => {
    await execa('docker', ['rm', '--force', '--volumes', `${name}-proxy`, `${name}-packages`]);
    await execa('docker', ['network', 'rm', inside, outside]);
    rmSync(packages, { recursive: true });
    lab.remove();
  });

  describe.each(systems)('%s', (system) => {
    let machine: Machine;
    beforeAll(async () => {
      const network = ['--network', inside, '--ip', '10.157.0.11'];
      machine = await startMachine({ name: `${name}-${system}`, image: imageOf(system), arguments: network });
      await machine.put(join(lab.folder, 'provision/provision.sh'), '/usr/local/sbin/provision.sh');
    });
    afterAll(async () => {
      await machine.remove();
    });

    /** What Vagrant's file provisioners do. */
    const upload = async (from: LabInFolder, folders: readonly string[]) => {
      for (const folder of folders) await machine.put(join(from.folder, folder), `/tmp/mesos-cluster/${folder}`);
    };
    const start = () => machine.run('/usr/local/sbin/provision.sh start /tmp/mesos-cluster node1');
    const containers = () =>
      machine.read(`docker ps --quiet | xargs -r docker inspect --format '{{.Id}} {{.State.StartedAt}} {{.Path}}'`);
    /** Every file that an installation could touch, with time and size, and the process id of the Engine. */
    const state = () =>
      machine.read(
        `find /etc /opt /usr /home /var/lib/dpkg /var/lib/systemd -xdev -type f -printf '%p %T@ %s\\n' | sort; cat /run/docker.pid`,
      );

    it('says what is wrong when Docker cannot be fetched, and leaves with 1', async () => {
      const unhurried = `sleep() { :; }; export -f sleep; /usr/local/sbin/provision.sh install`;
      const { exitCode, text } = await machine.run(unhurried, { DOCKER_APT_URL: 'http://nowhere.invalid' });
      expect(exitCode).toBe(1);
      expect(text).toMatch(/gave up after 5 attempts: curl .*http:\/\/nowhere\.invalid\/\w+\/gpg/);
      expect(text).toContain('the proxy (if any) right?');
    });

    it('installs the Docker that the images want, through the proxy', async () => {
      const { exitCode, text } = await machine.run('/usr/local/sbin/provision.sh install', dockerApt);
      expect(exitCode, text).toBe(0);
      expect(text).toMatch(/^provision: Docker \d/m);
      expect(
        await machine.read("dpkg-query --show --showformat '${Package} ${Version}\\n' docker-ce containerd.io"),
      ).toBe('containerd.io 1.7.99-1\ndocker-ce 5:28.99.0-1~test');
      const log = await proxyLog();
      const archive = await machine.read(`grep -oE 'http://[^ ]+[^ /]' /etc/apt/sources.list | head -n 1`);
      expect(log).toContain(`GET ${archive}/pool/`);
      expect(log).toContain(`GET http://packages/${system}/gpg`);
      expect(log).toMatch(new RegExp(`GET http://packages/${system}/pool/docker-ce_28\\.`));
      expect(await machine.read('systemctl is-enabled docker && id -nG vagrant')).toBe('enabled\nvagrant docker');
      expect(await machine.read('ss -Hltn')).not.toMatch(/:237[56]\b/);
    });

    it('changes nothing the second time', async () => {
      const before = await state();
      const { exitCode, text } = await machine.run('/usr/local/sbin/provision.sh install', dockerApt);
      expect(exitCode, text).toBe(0);
      expect(await state()).toBe(before);
    });

    it('restarts Docker when its settings were changed, and keeps those of before the lab', async () => {
      const pid = await machine.read('cat /run/docker.pid');
      await machine.read('echo "{}" > /etc/docker/daemon.json');
      await machine.run('/usr/local/sbin/provision.sh install', dockerApt);
      expect(await machine.read('cat /run/docker.pid')).not.toBe(pid);
      expect(await machine.read('docker info --format {{.HTTPProxy}}')).toBe('http://proxy:3128');
      expect(await machine.read('cat /etc/docker/daemon.json.before-mesos-cluster')).toBe('{}');
    });

    it('lets Docker ask the proxy for images, but not for those of a node', async () => {
      await machine.run('timeout 20 docker pull registry.invalid/image');
      await machine.run('timeout 20 docker pull 10.157.0.12:5000/image');
      const log = await proxyLog();
      expect(log).toContain('CONNECT registry.invalid:443');
      expect(log).not.toContain('10.157.0.12');
    });

    it('starts the containers of the node once', async () => {
      await machine.load(idle);
      await upload(lab, ['nodes/node1']);
      const { exitCode, text } = await start();
      expect(exitCode, text).toBe(0);
      const before = await containers();
      expect(before).toMatch(/ sleep$/);
      await upload(lab, ['nodes/node1']);
      expect((await start()).exitCode).toBe(0);
      expect(await containers()).toBe(before);
      expect(await machine.read('find /opt/mesos-cluster -type f')).toBe(
        '/opt/mesos-cluster/nodes/node1/docker-compose.yml',
      );
    });

    it('has them again after a boot, without being asked', async () => {
      const [id = ''] = (await containers()).split(' ');
      await machine.reboot();
      await expect.poll(containers, { timeout: 30_000 }).toMatch(new RegExp(`^${id} .* sleep$`));
    });

    it('tells the kernel to use cgroup v1 once, also after a boot loader that failed', async () => {
      const stock = await writeLabFiles(planCluster({ ...spec, images: { set: 'stock' } }));
      await machine.put(join(stock.folder, 'provision/provision.sh'), '/usr/local/sbin/stock.sh');
      stock.remove();
      const fake = '/usr/local/sbin/update-grub';
      await machine.read(`printf '#!/bin/sh\nexit 1\n' > ${fake}; chmod +x ${fake}`);
      expect((await machine.run('/usr/local/sbin/stock.sh cgroup-v1')).exitCode).toBe(1);
      await machine.read(`cat > ${fake} <<'END'
#!/bin/sh
# A fake of update-grub: there is no boot loader in a container.
for file in /etc/default/grub.d/*.cfg; do . "$file"; done
mkdir -p /boot/grub && echo "linux $GRUB_CMDLINE_LINUX" >> /boot/grub/grub.cfg
END`);
      await machine.read('/usr/local/sbin/stock.sh cgroup-v1 && /usr/local/sbin/stock.sh cgroup-v1');
      expect(await machine.read('cat /boot/grub/grub.cfg')).toBe(
        'linux  systemd.unified_cgroup_hierarchy=0 systemd.legacy_systemd_cgroup_controller=1',
      );
    });

    it('builds the lite image on the machine, once', async () => {
      const lite = await writeLabFiles(planCluster(liteSpec));
      try {
        cpSync(join(root, 'dist'), join(lite.folder, '.mesos-cluster/tool'), { recursive: true });
        await machine.load(nodeImage);
        await upload(lite, ['nodes/node1', '.mesos-cluster/tool', 'images/lite']);
        const { exitCode, text } = await start();
        expect(exitCode, text).toBe(0);
        expect(await machine.read(`docker ps --all --format '{{.Image}}'`)).toContain(
          'create-mesos-cluster/lite:local',
        );
        // What it was built from can be had nowhere now.
        await machine.read(`docker image rm ${nodeImage} && docker builder prune --all --force`);
        await upload(lite, ['nodes/node1', '.mesos-cluster/tool', 'images/lite']);
        const again = await start();
        expect(again.exitCode, again.text).toBe(0);
        expect(again.text).not.toContain('building');
      } finally {
        lite.remove();
      }
    });
  });
});
