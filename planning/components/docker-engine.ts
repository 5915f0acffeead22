import type { ComponentImage, Reason } from './component.ts';
import { dindDoc } from './sources.ts';

/** The Docker Engine that each agent may have of its own: a part of an agent, and no role. */
export const dockerEngine = {
  /** What it uses at rest and a little more; 67 MB were measured. */
  usualMemoryMb: 90,
  image: { reference: 'docker:28-dind', probe: 'docker' } satisfies ComponentImage,
};

const proxyDoc = 'Docker, docs/engine/daemon/proxy';

/** Its settings; what values they have is in generators/compose/mesos-agent.ts and plan-engine.ts. */
export const engineReasons: Readonly<Record<string, Reason>> = {
  DOCKER_TLS_CERTDIR: {
    why: 'The Engine listens on its socket only; without this the image would make certificates for a TCP port.',
    source: dindDoc,
    comment: 'No certificates: this Engine has no TCP port at all.',
  },
  HTTP_PROXY: { why: '`proxy.http` of the spec.', source: proxyDoc },
  HTTPS_PROXY: { why: '`proxy.https` of the spec.', source: proxyDoc },
  NO_PROXY: { why: 'The registries of the lab and `proxy.noProxy`.', source: proxyDoc },
};
