/**
 * Entry point of a container in an agent's pod whose program ends when the network of the pod is gone: when the container
 * that held it was killed, which Docker starts again with another one. By the time this one is started again, that one
 * runs. Were it killed together with it (by a shared pid namespace, say), Docker would most often start it too early, and
 * not a second time: "is restarting, wait until the container is running" (moby, daemon/monitor.go).
 * The exit code stays that of the program, and a signal reaches it.
 * @param program words of the shell in front of the container's command
 */
export const untilNetworkIsGone = (program = ''): readonly string[] => [
  'sh',
  '-c',
  [
    'net=$(ls -d /sys/class/net/e* 2>/dev/null | head -n 1)',
    `${program} "$@" & main=$!`.trimStart(),
    "trap 'kill $main; wait $main; exit $?' TERM INT",
    // With this one Mesos's agent ends for good, and tells the master.
    "trap 'kill -s USR1 $main; wait $main; exit $?' USR1",
    '[ -z "$net" ] || { while [ -e "$net" ]; do sleep 1; done; echo "The network of the agent is gone"; kill $main; } &',
    'wait $main',
  ].join('\n'),
  'pod',
];

/**
 * The official image's own entry point, where there is one. Before it: files with process ids that a kill left in the
 * pod's volume, and that name other processes now, for each start counts from 1 again.
 */
export const engineEntryPoint =
  'rm -f /var/run/docker.pid /var/run/docker/containerd/containerd.pid; $(command -v dockerd-entrypoint.sh)';
