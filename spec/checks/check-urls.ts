import { isIpv6, parseIpv4 } from '../parse-address.ts';
import { showText } from '../show-value.ts';
import type { SpecPath, SpecProblem } from '../spec-problem.ts';
import { mistake, type Check } from './mistake.ts';

const form = /^(https?):\/\/(?:([^/?#]*)@)?(\[[^\]]*\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?(\/[\w./~%+-]*)?$/i;

/** The registry mirror and the proxies: http(s) URLs without secrets. */
export const checkUrls: Check = ({ registryMirror, proxy = {} }) => [
  ...(registryMirror === undefined
    ? []
    : urlProblems(registryMirror, ['registryMirror'], 'http://mirror.example:5000')),
  ...(['http', 'https'] as const).flatMap((key) => {
    const url = proxy[key];
    return url === undefined ? [] : urlProblems(url, ['proxy', key], 'http://proxy.example:3128');
  }),
  ...(proxy.noProxy ?? []).flatMap(noProxyProblems),
];

function urlProblems(url: string, path: SpecPath, example: string): readonly SpecProblem[] {
  const allowed = `an http or https URL with host and port only, such as ${example}`;
  if (/^[a-z]+:\/\/[^/?#]*@/i.test(url)) {
    return [
      mistake('SPEC_VALUE', path, 'The URL holds credentials, which would stand in every generated file', {
        // Not even a message shows them.
        found: 'a user name or password before @',
        allowed,
        fix: 'Remove them; set them in the environment of the machine (HTTP_PROXY, or `docker login`)',
      }),
    ];
  }
  const wrong = (message: string, fix: string) => [
    mistake('SPEC_VALUE', path, message, { found: showText(url), allowed, fix }),
  ];
  const [, , , host = '', port, rest = ''] = form.exec(url) ?? [];
  if (host === '' || !isHost(host) || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) {
    const bare = /^[A-Za-z0-9.-]+(?::[0-9]+)?$/.test(url);
    return wrong('This is not an http or https URL', bare ? `Write http://${url}` : `Write a URL such as ${example}`);
  }
  if (rest === '' || rest === '/') return [];
  return wrong('The URL has a path, which Docker does not accept here', `Remove ${showText(rest)}`);
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
    mistake('SPEC_VALUE', ['proxy', 'noProxy', index], 'An entry of noProxy does not parse', {
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
