export type Answer = readonly [status: number, body: unknown, headers?: Readonly<Record<string, string>>];

/** Breaks one thing each. */
export interface PodFaults {
  podRefused?: boolean;
  /** Of its second container. */
  podContainer?: 'staging' | 'failed';
  podWithoutPort?: boolean;
  podRemains?: boolean;
  /** Skips the checks of pods: a Marathon before 1.4, agents without Mesos's containerizer or its default executor. */
  noPods?: 'marathon' | 'containerizer' | 'executor';
}

type Pod = Readonly<Record<string, unknown>> & {
  readonly containers: readonly { readonly name: string; readonly endpoints?: readonly { readonly name: string }[] }[];
};

export interface FakePods {
  /** By id. */
  readonly pods: Map<string, Pod>;
  readonly answer: (method: string, path: string, body: string) => Answer;
  readonly deployments: () => readonly object[];
}

/** `/v2/pods` of the fake cluster's Marathon. */
export function fakePods(faults: PodFaults): FakePods {
  const pods = new Map<string, Pod>();
  const notThere: Answer = [404, { message: 'Pod does not exist' }];
  const container = ({ name, endpoints = [] }: Pod['containers'][number], index: number) => ({
    name,
    status: faults.podContainer === 'staging' && index === 1 ? 'TASK_STAGING' : 'TASK_RUNNING',
    endpoints: endpoints.map((endpoint) =>
      faults.podWithoutPort === true ? endpoint : { ...endpoint, allocatedHostPort: 31_005 },
    ),
  });
  const ended = (message: string) => ({
    terminationHistory: [{ message, containers: [{ containerId: 'first', lastKnownState: 'TASK_FAILED' }] }],
  });
  const status = (id: string, pod: Pod) => {
    const message = faults.noPods === 'executor' ? 'Executor exited with status 127' : 'no luck';
    if (faults.noPods === 'executor' || faults.podContainer === 'failed') {
      return { id, spec: pod, status: 'DEGRADED', instances: [], ...ended(message) };
    }
    const instance = faults.podContainer === 'staging' ? 'STAGING' : 'STABLE';
    const containers = pod.containers.map(container);
    return { id, spec: pod, status: instance, instances: [{ status: instance, agentHostname: 'agent1', containers }] };
  };
  const answer: FakePods['answer'] = (method, path, body) => {
    if (method === 'HEAD') return [faults.noPods === 'marathon' ? 404 : 200, ''];
    const id = path.slice('/v2/pods'.length).replace(/::status$/, '');
    const pod = pods.get(id);
    if (method === 'GET' && pod === undefined) return notThere;
    if (method === 'GET') return [200, path.endsWith('::status') && pod !== undefined ? status(id, pod) : pod];
    if (method === 'DELETE') return pods.delete(id) ? [202, ''] : notThere;
    if (faults.podRefused === true) return [422, { message: 'Object is not valid' }];
    const sent = JSON.parse(body) as Pod;
    pods.set(String(sent['id']), sent);
    return [method === 'POST' ? 201 : 200, sent];
  };
  return {
    pods,
    answer,
    deployments: () =>
      faults.podRemains === true ? [{ id: 'd', affectedApps: [], affectedPods: ['/verify-pod'] }] : [],
  };
}
