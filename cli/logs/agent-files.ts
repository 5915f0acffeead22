import { describeAnswer, type ClusterAnswer, type ClusterClient } from '../../checks/cluster-client.ts';
import { listAt, numberAt, textAt } from '../../protocol/json.ts';
import type { ReadPart } from './output-file.ts';

/** It answers, and not with what was asked for. */
class AgentRefusal extends Error {
  override readonly name = 'AgentRefusal';
}

/** A file in a sandbox. */
interface ListedFile {
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  /** Milliseconds since 1970; Mesos tells whole seconds, of which this is the end. */
  readonly changedAt: number;
}

/** An agent, as logs ask it. Each of these throws UnreachableError, AgentRefusal, or the reason of the signal. */
export interface AgentFiles {
  /** Its `/state`. */
  readonly state: () => Promise<unknown>;
  /** What is in a folder; nothing when it is not there. */
  readonly list: (folder: string) => Promise<readonly ListedFile[]>;
  /** READ_FILE: it alone gives bytes as they are, with the size of the file. */
  readonly read: ReadPart;
}

/** @param url `http://agent1:5051`, or with the path of one of several that share an address */
export function agentFiles(client: ClusterClient, url: string, signal: AbortSignal): AgentFiles {
  return {
    state: async () => (await accepted(client.ask(`${url}/state`, signal)))?.json ?? refuse(`${url}/state`),
    list: async (folder) => {
      const answer = await accepted(client.ask(`${url}/files/browse?path=${encodeURIComponent(folder)}`, signal));
      return listAt(answer?.json).map((file) => ({
        name: textAt(file, 'path')?.split('/').at(-1) ?? '',
        size: numberAt(file, 'size') ?? 0,
        changedAt: (numberAt(file, 'mtime') ?? 0) * 1000 + 999,
      }));
    },
    read: async (path, offset, length) => {
      const body = { type: 'READ_FILE', read_file: { path, offset, length } };
      const answer = await accepted(client.ask(`${url}/api/v1`, signal, { method: 'POST', body }));
      if (answer === undefined) return undefined;
      const bytes = Buffer.from(textAt(answer.json, 'read_file', 'data') ?? '', 'base64');
      return { bytes, size: numberAt(answer.json, 'read_file', 'size') ?? 0 };
    },
  };
}

/** Undefined for what is not there. */
async function accepted(asked: Promise<ClusterAnswer>): Promise<ClusterAnswer | undefined> {
  const answer = await asked;
  if (answer.status === 404) return undefined;
  if (answer.status !== 200) throw new AgentRefusal(`${answer.url} answers ${describeAnswer(answer)}`);
  return answer;
}

function refuse(url: string): never {
  throw new AgentRefusal(`${url} is not there`);
}
