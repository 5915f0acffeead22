import { startLoadBalancer } from '../../engine/load-balancer/start-load-balancer.ts';
import { readCertificates } from './marathon-lb-certificates.ts';
import { loadMarathonLbFlags } from './marathon-lb-flags.ts';
import type { Program } from './program.ts';

const help = `Usage: PORTS=9090 marathon-lb sse --marathon URL [URL…] --group NAME [--health-check]

Serves the service ports of the apps whose label HAPROXY_GROUP has the group; /haproxy?stats on the first of PORTS.
Virtual hosts (HAPROXY_0_VHOST) are served on ports 80 and 443, unless there is --dont-bind-http-https, and
X-Marathon-App-Id on 9091. Certificates of 443 are those of --ssl-certs and HAPROXY_SSL_CERT; without any, one is made.
Labels that are not honoured are named in the log.
Other flags of marathon_lb.py are taken, and have no effect.
`;

/** `marathon-lb` of the lite set. */
export const marathonLb: Program = {
  logStyle: 'marathon-lb',
  version: `marathon-lb (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => help,
  prepare: (words, world) => {
    const { certificateFiles, bindsHttp, withoutEffect, ...flags } = loadMarathonLbFlags(words, world.environment);
    const certificates = readCertificates(certificateFiles, world);
    return {
      withoutEffect: withoutEffect.map((flag) => flag.slice(2)),
      start: ({ log, own }) =>
        startLoadBalancer(
          {
            host: '0.0.0.0',
            ...flags,
            // HAProxy opens whatever port an app names.
            servicePorts: { first: 1, last: 65_535 },
            // HAProxy's.
            frontPorts: {
              ...(bindsHttp ? { virtualHosts: 80, secureVirtualHosts: 443 } : {}),
              certificates,
              appIds: 9091,
            },
            names: [own.hostname()],
          },
          { log },
        ),
    };
  },
};
