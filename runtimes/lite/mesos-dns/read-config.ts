import { resolve } from 'node:path';
import type { MesosDnsConfig } from '../../../engine/mesos-dns/mesos-dns-config.ts';
import { isJsonObject } from '../../../protocol/json.ts';
import { ProgramError, type ProgramWorld } from '../program.ts';
import { configKeys, httpsKeys, ownKeys, typeProblem, withValues } from './config-keys.ts';
import { configProblems } from './validate-config.ts';

export interface ReadConfig {
  readonly config: MesosDnsConfig;
  /** Keys that Mesos-DNS does not know; it takes no notice of them. */
  readonly unknown: readonly string[];
}

/**
 * Reads the configuration of Mesos-DNS.
 * @throws ProgramError with all mistakes, in the words of the real one where it has some
 */
export function readMesosDnsConfig(
  given: string,
  { environment, readFile }: Pick<ProgramWorld, 'environment' | 'readFile'>,
): ReadConfig {
  const file = resolve(given.replace('~/', `${environment['HOME'] ?? '.'}/`));
  const text = readFile(file);
  if (text === undefined) throw new ProgramError(`missing configuration file: "${file}"`);
  const entries = parse(file, text).map(([name, value]) => ({ name, low: name.toLowerCase(), value }));
  const values = new Map<keyof MesosDnsConfig, unknown>();
  const unknown: string[] = [];
  const problems: string[] = [];
  for (const { name, low, value } of entries) {
    const key = configKeys.get(low);
    if (key !== undefined) {
      const problem = typeProblem(key, value);
      if (problem !== undefined) problems.push(`failed to unmarshal config file "${file}": ${problem}`);
      else if (value !== null) values.set(key.field, value);
    } else if (httpsKeys.has(low)) {
      const isAsked = value !== null && value !== httpsKeys.get(low);
      if (isAsked)
        problems.push(`${name}: the masters of the lite set are asked by HTTP, without certificates and IAM`);
    } else if (!ownKeys.has(low)) unknown.push(name);
  }
  if (problems.length > 0) throw new ProgramError(problems.join('\n'));
  const config = withNameServers(withValues(values, file), readFile);
  const wrong = configProblems(config);
  if (wrong.length > 0) throw new ProgramError(wrong.map((each) => `${file}: ${each}`).join('\n'));
  return { config, unknown };
}

function parse(file: string, text: string): readonly (readonly [string, unknown])[] {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new ProgramError(`failed to unmarshal config file "${file}": ${why}`);
  }
  if (isJsonObject(content)) return Object.entries(content);
  throw new ProgramError(`failed to unmarshal config file "${file}": json: it is no object`);
}

/** An empty list of resolvers means those of the machine. */
function withNameServers(config: MesosDnsConfig, readFile: ProgramWorld['readFile']): MesosDnsConfig {
  if (!config.externalOn || config.resolvers.length > 0) return config;
  const lines = (readFile('/etc/resolv.conf') ?? '').matchAll(/^nameserver\s+(\S+)/gm);
  // It would ask itself.
  const resolvers = [...lines].map(([, server = '']) => server).filter((server) => server !== '127.0.0.1');
  return { ...config, resolvers };
}
