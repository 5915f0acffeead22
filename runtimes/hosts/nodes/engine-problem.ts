import type { Problem } from '../../../errors/user-error.ts';
import type { CommandResult } from '../../../platform/processes/run-command.ts';
import type { PlannedNode } from '../../../planning/plan/plan.ts';
import { lastLines } from '../../docker/docker-engine.ts';

/* Why a node's Engine is not reached, but for SSH (ssh-problem.ts). */

const code = 'MACHINE_NODE_UNREACHABLE';
const tlsPage = 'https://docs.docker.com/engine/security/protect-access/';

interface Row {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly fix: (words: TlsWords) => string;
}

interface TlsWords {
  readonly node: string;
  /** How docker gets other certificates. */
  readonly files: string;
  /** How it does without any. */
  readonly bySsh: string;
}

/** With TLS 1.3 a server looks at the client's certificate after the handshake; its reason may be lost with the connection. */
export const brokenOff = /https:[\s\S]*(?:connection reset by peer|broken pipe)/;

/** In the words of docker/cli and of Go's crypto/tls and crypto/x509, which it passes on. The first that fits counts. */
const tlsRows: readonly Row[] = [
  {
    pattern: /\.pem: no such file/,
    reason: 'there are no certificates for it here',
    fix: ({ files }) => files,
  },
  {
    pattern: /signed by unknown authority/,
    reason: 'its certificate is not signed by the CA of ca.pem',
    fix: ({ files }) => `take the ca.pem that its certificate was made with: ${files}`,
  },
  {
    pattern: /tls: expired certificate/,
    reason: 'the client certificate of this machine has expired',
    fix: ({ files }) =>
      `make a new one with its CA (openssl x509 -enddate -noout -in cert.pem shows how long one holds): ${files}`,
  },
  {
    pattern: /certificate has expired or is not yet valid/,
    reason: 'its certificate has expired, or does not hold yet',
    fix: ({ node, bySsh }) =>
      `make a new one on ${node}, and restart Docker there; or is the clock wrong here? date; or ${bySsh}`,
  },
  {
    pattern: /certificate is (?:not )?valid for|not valid for any names|contain any IP SANs/,
    reason: 'its certificate is for another address',
    fix: ({ node, bySsh }) =>
      `make one on ${node} with the address that docker: has as subjectAltName: ${tlsPage}; or ${bySsh}`,
  },
  {
    pattern: /tls: (?:certificate required|bad certificate|unknown certificate)/,
    reason: 'it wants a client certificate that its own CA has signed',
    fix: ({ files }) => `take a cert.pem and key.pem of that CA: ${files}`,
  },
  {
    pattern: brokenOff,
    reason: 'it breaks off, as Engines do with a client certificate that has expired or is not of their CA',
    fix: ({ files }) => files,
  },
  { pattern: /\.pem|x509: |tls: /, reason: '', fix: ({ files }) => files },
];

/** The spec of a node without `docker`. */
export function withoutEndpoint({ name, address }: PlannedNode): Problem {
  return {
    code,
    message: `${name}: the spec does not say where its Docker Engine is`,
    found: 'no key docker',
    allowed: 'ssh://user@host, context:NAME, unix:///socket, or tcp://host:2376 with TLS',
    fix: `under the node ${name} in mesos-cluster.yaml: docker: ssh://${address ?? name}`,
  };
}

/** An Engine whose port has no TLS. */
export function plainTcp({ name, address }: PlannedNode, found: string): Problem {
  return {
    code,
    message: `${name}: Docker over TCP without TLS is refused: whoever reaches that port is root on the machine`,
    found,
    fix: `docker: ssh://${address ?? name}; or TLS (${tlsPage}): docker: tcp://${address ?? name}:2376; ${toCertificates}`,
  };
}

/** @param failed how `docker context inspect` ended */
export function noContext({ name, address }: PlannedNode, context: string, failed: CommandResult): Problem {
  if (failed.kind === 'missing') return noDocker;
  // Behind it stands a file with a name that tells nobody anything.
  const said = failed.kind === 'ended' ? lastLines(failed.stderr, 1).replace(/: open .*$/, '') : 'no answer';
  return {
    code,
    message: `${name}: this machine has no Docker context called ${context}`,
    found: said,
    fix: `docker context ls shows those that exist; docker context create ${context} --docker host=ssh://${address ?? name}`,
  };
}

/**
 * An Engine that does not answer.
 * @param endpoint as the spec says it
 * @param failed how `docker version` or `docker info` ended
 */
export function noAnswer(node: PlannedNode, endpoint: string, failed: CommandResult, answerMs: number): Problem {
  if (failed.kind === 'missing') return noDocker;
  const { name, address } = node;
  const said = failed.kind === 'ended' ? lastLines(failed.stderr || failed.stdout, 2) : '';
  const base = { code, ...(said === '' ? {} : { found: said }) } as const;
  const where = `${name} (${endpoint})`;
  if (/HTTP response to HTTPS client/.test(said)) return plainTcp(node, `${endpoint}: ${said}`);
  const row = tlsRows.find(({ pattern }) => pattern.test(said));
  if (row !== undefined) {
    const message = `${where}: TLS with its Docker Engine fails${row.reason === '' ? '' : `: ${row.reason}`}`;
    const bySsh = `docker: ssh://${address ?? name} under ${name} in mesos-cluster.yaml, which needs no certificates`;
    return { ...base, message, fix: row.fix({ node: name, files: `${filesFor(node, endpoint)}; or ${bySsh}`, bySsh }) };
  }
  if (/permission denied/i.test(said)) {
    const fix = `on ${name}: sudo usermod -aG docker USER, then log out and in again (members of that group are as mighty as root)`;
    return { ...base, message: `${where}: you may not talk to its Docker Engine`, fix };
  }
  const [, port] = /\bat (tcp:\/\/\S+:\d+)/.exec(said) ?? [];
  const listens = port === undefined ? '' : `, and have it listen at ${port} with TLS (${tlsPage})`;
  const fix = `start Docker on ${name} (sudo systemctl start docker)${listens}${address === undefined ? '' : `; ping ${address}`}`;
  const how = failed.kind === 'stopped' ? `gives no answer in ${answerMs / 1000} s` : 'does not answer';
  return { ...base, message: `${where}: its Docker Engine ${how}`, fix };
}

const noDocker: Problem = {
  code: 'MACHINE_NO_DOCKER',
  message: 'docker is not on this machine, or not on PATH',
  fix: 'install the docker client with Compose v2: https://docs.docker.com/get-docker/',
};

/** Where docker/cli looks for certificates, in the words of a shell. */
const certificateFolder = '"${DOCKER_CERT_PATH:-${DOCKER_CONFIG:-$HOME/.docker}}"';

const toCertificates = `in the folder with its ca.pem, cert.pem and key.pem: mkdir -p ${certificateFolder} && cp ca.pem cert.pem key.pem ${certificateFolder}`;

/** A context has copies of its own. */
function filesFor({ name, address = name }: PlannedNode, endpoint: string): string {
  const [, context] = /^context:(.*)$/.exec(endpoint) ?? [];
  return context === undefined
    ? toCertificates
    : `in the folder with its files: docker context update ${context} --docker host=tcp://${address}:2376,ca=ca.pem,cert=cert.pem,key=key.pem`;
}
