import { listAt } from '../../protocol/json.ts';
import type { ClusterAnswer } from '../cluster-client.ts';
import { askRegistry, isRepository, isTag, RegistryError, type Registry } from './registry.ts';

/** Distribution 3 refuses to be asked for more at once; version 2 gives so many by itself. */
const pageSize = 100;

/**
 * Names of all repositories, also of those that have no tag any more, in their order.
 * @throws RegistryError, UnreachableError
 */
export async function repositoriesOf(registry: Registry): Promise<readonly string[]> {
  const names = await pages(registry, `/v2/_catalog?n=${pageSize}`, 'repositories');
  return names.filter(isRepository);
}

/**
 * Tags of a repository; none when there is no such one.
 * @throws RegistryError, UnreachableError
 */
export async function tagsOf(registry: Registry, repository: string): Promise<readonly string[]> {
  return (await pages(registry, `/v2/${repository}/tags/list?n=${pageSize}`, 'tags', 404)).filter(isTag);
}

/**
 * All pages of a list, one after the other, as each says where the next one is (RFC 5988).
 * @param none the status that means that there is no list
 */
async function pages(registry: Registry, first: string, key: string, none?: number): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  const asked = new Set<string>();
  for (let path: string | undefined = first; path !== undefined && !asked.has(path);) {
    asked.add(path);
    const answer = await askRegistry(registry, path);
    if (answer.status === none) break;
    if (answer.status !== 200) throw new RegistryError(registry, answer);
    found.push(...listAt(answer.json, key));
    path = nextPage(registry, path, answer);
  }
  return [...new Set(found)];
}

/** Never at another server, whatever it says. */
function nextPage({ url }: Registry, path: string, { headers: { link } }: ClusterAnswer): string | undefined {
  const [, target] = /<([^>]+)>\s*;\s*rel="?next"?/i.exec(typeof link === 'string' ? link : '') ?? [];
  if (target === undefined || !URL.canParse(target, `${url}${path}`)) return undefined;
  const { pathname, search } = new URL(target, `${url}${path}`);
  return `${pathname}${search}`;
}
