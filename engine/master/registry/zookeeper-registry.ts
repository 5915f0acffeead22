import type { ZookeeperSession } from '../../zookeeper/zookeeper-session.ts';
import { hasCode } from '../../zookeeper/zookeeper-error.ts';
import { takenOver, type RegistryStore } from './registry-store.ts';

/** The registry in a znode beside those of the masters, which all read their own children only. */
export function zookeeperRegistry(session: ZookeeperSession, folder: string): RegistryStore {
  const path = `${folder}/operator_registry`;
  let version = 0;
  return {
    load: async () => {
      await session.ensurePath(path);
      await session.sync(path);
      const { data } = await session.getData(path);
      // Whoever led before has another version now, and can save no more.
      ({ version } = await session.setData(path, data));
      return data.length === 0 ? undefined : data.toString('utf8');
    },
    save: async (text) => {
      try {
        ({ version } = await session.setData(path, Buffer.from(text), version));
      } catch (error) {
        throw hasCode(error, 'BadVersion') ? takenOver() : error;
      }
    },
  };
}
