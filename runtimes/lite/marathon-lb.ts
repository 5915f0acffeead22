import { startLoadBalancer } from '../../engine/load-balancer/start-load-balancer.ts';
import { loadMarathonLbFlags } from './marathon-lb-flags.ts';
import type { Program } from './program.ts';

const help = `Usage: PORTS=9090 marathon-lb sse --marathon URL [URL…] --group NAME [--health-check]

Serves the service ports of the apps whose label HAPROXY_GROUP has the group; /haproxy?stats on the first of PORTS.
Virtual hosts (HAPROXY_0_VHOST) are served on port 80, unless there is --dont-bind-http-https, and X-Marathon-App-Id on 9091.
Other flags of marathon_lb.py are taken, and have no effect.
`;

/** `marathon-lb` of the lite set. */
export const marathonLb: Program = {
  logStyle: 'marathon-lb',
  version: `marathon-lb (create-mesos-cluster ${__VERSION__}, image set lite)\n`,
  help: () => help,
  prepare: (words, { environment }) => {
    const { marathonUrls, groups, statsPort, bindsHttp, withoutEffect } = loadMarathonLbFlags(words, environment);
    return {
      withoutEffect: withoutEffect.map((flag) => flag.slice(2)),
      start: ({ log, own }) =>
        startLoadBalancer(
          {
            host: '0.0.0.0',
            statsPort,
            // HAProxy opens whatever port an app names.
            servicePorts: { first: 1, last: 65_535 },
            // HAProxy's; 443 needs a certificate, which nobody gave.
            frontPorts: { ...(bindsHttp ? { virtualHosts: 80 } : {}), appIds: 9091 },
            marathonUrls,
            groups,
            names: [own.hostname()],
          },
          { log },
        ),
    };
  },
};
