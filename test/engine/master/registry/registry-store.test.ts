import { expect, test } from 'vitest';
import { fileRegistry } from '../../../../engine/master/registry/file-registry.ts';
import { inMemoryRegistry, type RegistryStore } from '../../../../engine/master/registry/registry-store.ts';
import { zookeeperRegistry } from '../../../../engine/master/registry/zookeeper-registry.ts';
import { ZookeeperError } from '../../../../engine/zookeeper/zookeeper-error.ts';
import type { ZookeeperSession } from '../../../../engine/zookeeper/zookeeper-session.ts';

/** A znode, as ZooKeeper keeps it: what is written names the version that it follows. */
function fakeZnode(): () => ZookeeperSession {
  let data = Buffer.alloc(0);
  let version = 0;
  const session: Partial<ZookeeperSession> = {
    ensurePath: () => Promise.resolve(),
    sync: () => Promise.resolve(),
    getData: () => Promise.resolve({ data, stat: { version } as never }),
    setData: (_, bytes, expected = -1) => {
      if (expected >= 0 && expected !== version) return Promise.reject(new ZookeeperError('BadVersion', 'BadVersion'));
      data = Buffer.from(bytes);
      version += 1;
      return Promise.resolve({ version } as never);
    },
  };
  return () => session as ZookeeperSession;
}

function fakeFiles() {
  let text: string | undefined;
  return {
    readRecord: () => Promise.resolve(text),
    writeRecord: (_: string, written: string) => {
      text = written;
      return Promise.resolve();
    },
  };
}

const makers: Readonly<Record<string, () => () => RegistryStore>> = {
  'in memory': inMemoryRegistry,
  'in a file': () => fileRegistry('/registry.json', fakeFiles()),
  'in ZooKeeper': () => {
    const session = fakeZnode();
    return () => zookeeperRegistry(session(), '/mesos');
  },
};

test.each(Object.keys(makers))('a registry %s is that of the master that has loaded it last', async (where) => {
  const next = makers[where]?.();
  const [former, current] = [next?.(), next?.()];
  expect(await former?.load()).toBeUndefined();
  await former?.save('1');
  await former?.save('2');
  expect(await current?.load()).toBe('2');
  await expect(former?.save('3')).rejects.toThrow('Another master has taken over the registry');
  await current?.save('4');
  expect(await next?.().load()).toBe('4');
});
