import { randomUUID } from 'node:crypto';
import { hasCode } from '../zookeeper/zookeeper-error.ts';
import type { ZookeeperSession } from '../zookeeper/zookeeper-session.ts';
import type { Candidate, Discovery, LeaderListener } from './discovery.ts';
import { marathonMember, masterMember, type MemberFormat } from './member-formats.ts';
import { ZookeeperCandidacy } from './zookeeper-candidacy.ts';
import { ZookeeperGroup, type Look } from './zookeeper-group.ts';

/**
 * Mesos's group of masters at `path` (`/mesos`): children `json.info_0000000012` with MasterInfo as JSON, the lowest
 * leads; other children, as `log_replicas`, are none of its business. Real masters, agents and frameworks understand
 * it, and may be among it (src/zookeeper/group.cpp, src/master/detector/zookeeper.cpp, contender/zookeeper.cpp).
 */
export const masterDiscovery = (session: ZookeeperSession, path: string): Discovery =>
  discovery(session, path, masterMember);

/**
 * Marathon's group at `path` (`/marathon`): Curator's leader latch below `leader-curator`, with `host:port` as data
 * (CuratorElectionStream.scala of Marathon 1.10). Real Marathons understand it, and may be among it.
 */
export const marathonDiscovery = (session: ZookeeperSession, path: string): Discovery =>
  discovery(session, `${path}/leader-curator`, marathonMember);

/**
 * Chronos's group, below its `--zk_path` (`/chronos/state`): a leader latch of Curator's, too (ZookeeperModule.scala of
 * Chronos).
 */
export const chronosDiscovery = (session: ZookeeperSession, path: string): Discovery =>
  discovery(session, `${path}/candidate`, marathonMember);

function discovery(session: ZookeeperSession, folder: string, format: MemberFormat): Discovery {
  const group = new ZookeeperGroup(session, folder, format.sequenceOf);
  const watch = new LeaderWatch(session, group, format);
  return {
    contend: (candidate, contest) =>
      new ZookeeperCandidacy({
        session,
        group,
        prefix: format.prefix(randomUUID()),
        data: Buffer.from(format.write(candidate)),
        contest,
      }),
    watch: (listener) => watch.add(listener),
  };
}

interface KnownLeader {
  /** Of its znode. */
  readonly name: string;
  /** Undefined when it is not understood. */
  readonly candidate: Candidate | undefined;
}

/** Reads who leads, and tells everybody who asked. */
class LeaderWatch {
  readonly #session: ZookeeperSession;
  readonly #group: ZookeeperGroup;
  readonly #format: MemberFormat;
  readonly #listeners = new Set<LeaderListener>();
  #unlisten: () => void = () => undefined;
  #leader: KnownLeader | undefined;
  #memberCount = 0;
  /** The one whose data is being read. */
  #reading: string | undefined;

  constructor(session: ZookeeperSession, group: ZookeeperGroup, format: MemberFormat) {
    this.#session = session;
    this.#group = group;
    this.#format = format;
  }

  add(listener: LeaderListener): () => void {
    if (this.#listeners.size === 0) {
      this.#unlisten = this.#group.listen((look) => {
        this.#take(look);
      });
    }
    this.#listeners.add(listener);
    queueMicrotask(() => {
      if (this.#listeners.has(listener)) listener(this.#leader?.candidate, this.#memberCount);
    });
    return () => {
      if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
      this.#unlisten();
      this.#leader = undefined;
      this.#memberCount = 0;
    };
  }

  #take({ members }: Look): void {
    const first = members?.[0];
    if (first === undefined || first.name === this.#leader?.name) {
      this.#reading = undefined;
      this.#tell(first === undefined ? undefined : this.#leader, members?.length ?? 0);
    } else if (first.name !== this.#reading) {
      this.#reading = first.name;
      void this.#read(first.name);
    }
  }

  async #read(name: string): Promise<void> {
    const candidate = await this.#candidateOf(name);
    // Another look came in between, or there is no answer: the next look asks again.
    if (this.#reading !== name) return;
    this.#reading = undefined;
    if (candidate === 'unknown') return;
    this.#tell({ name, candidate }, this.#group.latest.members?.length ?? 0);
  }

  async #candidateOf(name: string): Promise<Candidate | undefined | 'unknown'> {
    const path = `${this.#group.folder}/${name}`;
    try {
      const { data } = await this.#session.getData(path);
      const candidate = this.#format.read(name, data.toString('utf8'));
      if (candidate === undefined) this.#session.log(`${path} leads, but what it says of itself is not understood`);
      return candidate;
    } catch (error) {
      // Gone already, or the connection is: either way there will be another look.
      if (hasCode(error, 'NoNode')) this.#group.lookAgain();
      return 'unknown';
    }
  }

  #tell(leader: KnownLeader | undefined, memberCount: number): void {
    if (leader === this.#leader && memberCount === this.#memberCount) return;
    this.#leader = leader;
    this.#memberCount = memberCount;
    for (const listener of [...this.#listeners]) listener(leader?.candidate, memberCount);
  }
}
