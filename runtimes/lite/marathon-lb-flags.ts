import { words } from '../../protocol/marathon/served-port.ts';
import { argumentError, readArguments, type Arity } from './read-arguments.ts';
import { ProgramError } from './program.ts';

/** What marathon-lb was given. */
export interface MarathonLbFlags {
  readonly marathonUrls: readonly string[];
  readonly groups: readonly string[];
  /** Of the statistics page: the first of PORTS. */
  readonly statsPort: number;
  /** Whether ports 80 and 443 are taken, for virtual hosts. */
  readonly bindsHttp: boolean;
  /** PEM files, each of a certificate and its key; empty: none was given. */
  readonly certificateFiles: readonly string[];
  readonly hasMaps: boolean;
  /** Flags that were given and mean nothing here. */
  readonly withoutEffect: readonly string[];
}

/** Flags of marathon_lb.py 1.12 and later, by its README.md, and how many values each takes. */
const arities: Readonly<Record<string, Arity>> = {
  '--marathon': 'several',
  '--group': 'one',
  '--health-check': 'none',
  '--sse': 'none',
  '--auth-credentials': 'one',
  '--archive-versions': 'one',
  '--command': 'one',
  '--dcos-auth-credentials': 'one',
  '--dont-bind-http-https': 'none',
  '--dry': 'none',
  '--group-https-by-vhost': 'none',
  '--haproxy-config': 'one',
  '--haproxy-map': 'none',
  '--log-format': 'one',
  '--log-level': 'one',
  '--lru-cache-capacity': 'one',
  '--max-reload-retries': 'one',
  '--max-serv-port-ip-per-task': 'one',
  '--min-serv-port-ip-per-task': 'one',
  '--marathon-auth-credential-file': 'one',
  '--marathon-ca-cert': 'one',
  '--reload-interval': 'one',
  '--skip-validation': 'none',
  '--ssl-certs': 'one',
  '--strict-mode': 'none',
  '--syslog-socket': 'one',
};
const aliases: Readonly<Record<string, string>> = {
  '-m': '--marathon',
  '-H': '--health-check',
  '-s': '--sse',
  '-c': '--command',
};

/** Of the ones above, those that mean something here, and those whose lack nobody notices. */
const understood: ReadonlySet<string> = new Set([
  ...['--marathon', '--group', '--health-check', '--sse', '--skip-validation', '--haproxy-config', '--haproxy-map'],
  ...['--command', '--reload-interval', '--max-reload-retries', '--lru-cache-capacity', '--syslog-socket'],
  ...['--dont-bind-http-https', '--ssl-certs'],
]);

const program = 'marathon_lb.py';
const usageError = argumentError(program);

/**
 * Loads what stands behind `marathon-lb`: `sse --marathon URL… --group NAME`, and the variable PORTS.
 * @throws ProgramError in the words of the image's `run` script and of marathon_lb.py
 */
export function loadMarathonLbFlags(
  commandLine: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): MarathonLbFlags {
  const statsPort = readPorts(environment['PORTS']);
  const [mode = '', ...rest] = commandLine;
  if (mode !== 'sse' && mode !== 'poll') {
    throw new ProgramError(`Unknown mode ${mode}. Synopsis: marathon-lb poll|sse [marathon_lb.py args]`);
  }
  const given = readArguments(rest, { program, arities, aliases });
  const marathonUrls = given.get('--marathon') ?? [];
  const groups = given.get('--group') ?? [];
  if (marathonUrls.length === 0) throw usageError('argument --marathon/-m is required');
  if (groups.length === 0) {
    throw usageError('argument --group is required: please specify at least one group name');
  }
  const badUrl = marathonUrls.find((url) => !/^https?:\/\/[^/\s]+/.test(url));
  if (badUrl !== undefined) throw usageError(`argument --marathon/-m: invalid URL: '${badUrl}'`);
  const withoutEffect = [...given.keys()].filter((flag) => !understood.has(flag));
  return {
    marathonUrls,
    groups,
    statsPort,
    bindsHttp: !given.has('--dont-bind-http-https'),
    certificateFiles: (given.get('--ssl-certs') ?? []).flatMap((files) => words(files, ',')),
    hasMaps: given.has('--haproxy-map'),
    withoutEffect,
  };
}

/** HAProxy's ports, of which the first is that of its statistics; the others are those of services. */
function readPorts(text: string | undefined): number {
  if (text === undefined || text === '') {
    throw new ProgramError('Define $PORTS with a comma-separated list of ports to which HAProxy binds');
  }
  const ports = text.split(',').map((port) => Number(port.trim()));
  const [first = 0] = ports;
  if (ports.some((port) => !Number.isInteger(port) || port < 1 || port > 65_535)) {
    throw new ProgramError(`PORTS is no comma-separated list of ports: '${text}'`);
  }
  return first;
}
