import { addressKind, isIpv6, parseIpv4 } from '../../values/parse-address.ts';
import { showText } from '../../shape/show-value.ts';
import type { SpecPath, SpecProblem } from '../../shape/spec-problem.ts';
import type { ResolvedSpec } from '../../plan/resolve-spec.ts';
import { problem, warning, type Rule } from '../rule.ts';

const form = /^(https?):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(\/[\w./~%+-]*)?$/i;

/** The registry mirror and the proxies: http(s) URLs without secrets. */
export const checkUrls: Rule = ({ registryMirror, proxy = {} }, resolved) => [
  ...(registryMirror === undefined
    ? []
    : [
        ...urlProblems(registryMirror, ['registryMirror'], 'http://mirror.example:5000'),
        ...ownLocalhost(registryMirror, ['registryMirror'], resolved),
      ]),
  ...(['http', 'https'] as const).flatMap((key) => {
    const url = proxy[key];
    if (url === undefined) return [];
    const path = ['proxy', key];
    return [...urlProblems(url, path, 'http://proxy.example:3128'), ...ownLocalhost(url, path, resolved)];
  }),
  ...(proxy.noProxy ?? []).flatMap(noProxyProblems),
];

function urlProblems(url: string, path: SpecPath, example: string): readonly SpecProblem[] {
  const allowed = `an http or https URL with host and port only, such as ${example}`;
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(url)) {
    const bare = url.replace(/^([a-z]+:\/\/)[^/?#]*@([^/?#]*).*$/i, '$1$2');
    const isMirror = path[0] === 'registryMirror';
    return [
      problem('SPEC_VALUE', path, 'The URL holds credentials, which would stand in every generated file', {
        // Not even a message shows them.
        found: 'a user name or password before @',
        allowed,
        fix: `Write ${bare}; ${isMirror ? `docker login ${bare.replace(/^.*\//, '')} gives them to Docker` : 'Docker has them of its own settings, as HTTP_PROXY in its environment'}`,
      }),
    ];
  }
  const wrong = (message: string, fix: string) => [
    problem('SPEC_VALUE', path, message, { found: showText(url), allowed, fix }),
  ];
  const [, , , host = '', port, rest = ''] = form.exec(url) ?? [];
  if (host === '' || !isHost(host) || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) {
    const bare = /^[A-Za-z0-9.-]+(?::[0-9]+)?$/.test(url);
    return wrong('This is not an http or https URL', bare ? `Write http://${url}` : `Write a URL such as ${example}`);
  }
  if (rest === '' || rest === '/') return [];
  return wrong('The URL has a path, which Docker does not accept here', `Remove ${showText(rest)}`);
}

/** Whoever uses the URL is in a container or a virtual machine, whose localhost is not this machine's. */
function ownLocalhost(url: string, path: SpecPath, resolved: ResolvedSpec): readonly SpecProblem[] {
  const [, , , host = ''] = form.exec(url) ?? [];
  const who = userOfUrls(path, resolved);
  if (who === undefined || !isLoopback(host)) return [];
  return [
    warning('SPEC_VALUE', path, `${path.join('.')} is on ${host}, which is ${who} itself`, {
      found: showText(url),
      allowed: `a host that ${who} reaches`,
      fix: `Write this machine's address in its network${resolved.placement === 'one-host' ? ', or host.docker.internal with Docker Desktop' : ''}`,
    }),
  ];
}

function userOfUrls([key]: SpecPath, { placement, agentDocker, addons, vagrant }: ResolvedSpec): string | undefined {
  if (placement === 'machines') return vagrant && 'each virtual machine';
  if (agentDocker === 'dind') return 'the container of each agent';
  return key === 'registryMirror' && addons.includes('registry') ? 'the container of the cache' : undefined;
}

function isLoopback(host: string): boolean {
  const octets = parseIpv4(host);
  return octets ? addressKind(octets) === 'loopback' : /^(?:(?:.*\.)?localhost|\[(?:0*:)*:?0*1\])$/i.test(host);
}

/** A host name, IPv4, or IPv6 in brackets. */
function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIpv6(host.slice(1, -1));
  const numeric = /^[0-9.]+$/.test(host);
  return numeric
    ? parseIpv4(host) !== undefined
    : host.split('.').every((label) => /^[A-Za-z0-9_](?:[\w-]*[A-Za-z0-9_])?$/.test(label));
}

function noProxyProblems(entry: string, index: number): readonly SpecProblem[] {
  if (isNoProxyEntry(entry)) return [];
  return [
    problem('SPEC_VALUE', ['proxy', 'noProxy', index], 'An entry of noProxy does not parse', {
      found: showText(entry),
      allowed: 'a host name, .domain, an address, or a network such as 10.0.0.0/8',
      fix: /[, ]/.test(entry) ? 'Make each host an item of its own' : 'Write the host alone, without http://',
    }),
  ];
}

function isNoProxyEntry(entry: string): boolean {
  if (entry === '*') return true;
  const [, address, bits] = /^([0-9A-Fa-f.:]+)\/([0-9]{1,3})$/.exec(entry) ?? [];
  if (address !== undefined) {
    return parseIpv4(address) ? Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
  }
  if (isIpv6(entry)) return true;
  const [, host = ''] = /^(?:\*?\.)?([^:]+)(?::[0-9]{1,5})?$/.exec(entry) ?? [];
  return host !== '' && !host.startsWith('[') && isHost(host);
}
