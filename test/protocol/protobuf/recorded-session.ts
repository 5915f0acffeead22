import type { JsonObject } from '../../../protocol/json.ts';

interface Recorded {
  readonly name: string;
  /** What was sent: a body, or a record of the stream with its length before it. */
  readonly base64: string;
  readonly json: JsonObject;
}

/** All messages of a run of mesos-execute against a master of Apache Mesos 1.12, in the order of their sending. */
export const recordedSession: readonly Recorded[] = [
  {
    name: 'scheduler.Call',
    base64: 'EAEaNwo1CgRyb290EhZtZXNvcy1leGVjdXRlIGluc3RhbmNlKAAyA2RldlICCAdSAggCUgIIAVICCAU=',
    json: {
      type: 'SUBSCRIBE',
      subscribe: {
        framework_info: {
          user: 'root',
          name: 'mesos-execute instance',
          checkpoint: false,
          role: 'dev',
          capabilities: [
            { type: 'RESERVATION_REFINEMENT' },
            { type: 'TASK_KILLING_STATE' },
            { type: 'REVOCABLE_RESOURCES' },
            { type: 'PARTITION_AWARE' },
          ],
        },
      },
    },
  },
  {
    name: 'scheduler.Event',
    base64:
      'MTkyCggBErsBCisKKTNkOTU3MWE2LWY0OWYtNGUyOS1iZGVmLTNhNzI3NTM5NjBlNS0wMDAwEQAAAAAAAC5AGoIBCiQzZDk1NzFhNi1mNDlmLTRlMjktYmRlZi0zYTcyNzUzOTYwZTUQ/4CACBjWigEiFm1hc3RlckAxMjcuMC4wLjE6MTc3NTAqCTEyNy4wLjAuMTIGMS4xMi4wOhoKCTEyNy4wLjAuMRIJMTI3LjAuMC4xGNaKAUoCCAFKAggCSgIIAw==',
    json: {
      type: 'SUBSCRIBED',
      subscribed: {
        framework_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-0000' },
        heartbeat_interval_seconds: 15,
        master_info: {
          id: '3d9571a6-f49f-4e29-bdef-3a72753960e5',
          ip: 16777343,
          port: 17750,
          pid: 'master@127.0.0.1:17750',
          hostname: '127.0.0.1',
          version: '1.12.0',
          address: { hostname: '127.0.0.1', ip: '127.0.0.1', port: 17750 },
          capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
        },
      },
    },
  },
  { name: 'scheduler.Event', base64: 'MgoICA==', json: { type: 'HEARTBEAT' } },
  {
    name: 'scheduler.Event',
    base64:
      'MjgyCggCGpUCCpICCikKJzNkOTU3MWE2LWY0OWYtNGUyOS1iZGVmLTNhNzI3NTM5NjBlNS1PMBIrCikzZDk1NzFhNi1mNDlmLTRlMjktYmRlZi0zYTcyNzUzOTYwZTUtMDAwMBopCiczZDk1NzFhNi1mNDlmLTRlMjktYmRlZi0zYTcyNzUzOTYwZTUtUzAiCTEyNy4wLjAuMSoVCgVwb3J0cxABIgoKCAiY8gEQofIBKhMKBGNwdXMQABoJCQAAAAAAAPA/KhIKA21lbRAAGgkJAAAAAAAAgEAqEwoEZGlzaxAAGgkJAAAAAAAAgEBCLQoEaHR0cBIaCgkxMjcuMC4wLjESCTEyNy4wLjAuMRjXigEaCS9zbGF2ZSgxKQ==',
    json: {
      type: 'OFFERS',
      offers: {
        offers: [
          {
            id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-O0' },
            framework_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-0000' },
            agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
            hostname: '127.0.0.1',
            resources: [
              { name: 'ports', type: 'RANGES', ranges: { range: [{ begin: 31000, end: 31009 }] } },
              { name: 'cpus', type: 'SCALAR', scalar: { value: 1 } },
              { name: 'mem', type: 'SCALAR', scalar: { value: 512 } },
              { name: 'disk', type: 'SCALAR', scalar: { value: 512 } },
            ],
            url: {
              scheme: 'http',
              address: { hostname: '127.0.0.1', ip: '127.0.0.1', port: 17751 },
              path: '/slave(1)',
            },
          },
        ],
      },
    },
  },
  {
    name: 'scheduler.Call',
    base64:
      'CisKKTNkOTU3MWE2LWY0OWYtNGUyOS1iZGVmLTNhNzI3NTM5NjBlNS0wMDAwEAMipwEKKQonM2Q5NTcxYTYtZjQ5Zi00ZTI5LWJkZWYtM2E3Mjc1Mzk2MGU1LU8wEnoIARJ2CnQKBWhlbGxvEgcKBWhlbGxvGikKJzNkOTU3MWE2LWY0OWYtNGUyOS1iZGVmLTNhNzI3NTM5NjBlNS1TMCITCgRjcHVzEAAaCQmamZmZmZm5PyISCgNtZW0QABoJCQAAAAAAAEBAOg4aCmVjaG8gaGVsbG8wAQ==',
    json: {
      framework_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-0000' },
      type: 'ACCEPT',
      accept: {
        offer_ids: [{ value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-O0' }],
        operations: [
          {
            type: 'LAUNCH',
            launch: {
              task_infos: [
                {
                  name: 'hello',
                  task_id: { value: 'hello' },
                  agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
                  resources: [
                    { name: 'cpus', type: 'SCALAR', scalar: { value: 0.1 } },
                    { name: 'mem', type: 'SCALAR', scalar: { value: 32 } },
                  ],
                  command: { value: 'echo hello', shell: true },
                },
              ],
            },
          },
        ],
      },
    },
  },
  {
    name: 'scheduler.Event',
    base64:
      'MTYxCggEKpwBCpkBCgcKBWhlbGxvEAAqKQonM2Q5NTcxYTYtZjQ5Zi00ZTI5LWJkZWYtM2E3Mjc1Mzk2MGU1LVMwMTf+m+fWwtpBOgcKBWhlbGxvSAJaEJG4a+UKgUxMpWjgchkqefVqOwoNKgsSCTEyNy4wLjAuMRik7gEiJgokMjdlMDY5NjMtMGJkNi00MjUyLThlZTgtMjJjMGNiZjRiZjM2',
    json: {
      type: 'UPDATE',
      update: {
        status: {
          task_id: { value: 'hello' },
          state: 'TASK_STARTING',
          agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
          timestamp: 1795906462.437391,
          executor_id: { value: 'hello' },
          source: 'SOURCE_EXECUTOR',
          uuid: 'kbhr5QqBTEylaOByGSp59Q==',
          container_status: {
            network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }],
            executor_pid: 30500,
            container_id: { value: '27e06963-0bd6-4252-8ee8-22c0cbf4bf36' },
          },
        },
      },
    },
  },
  {
    name: 'scheduler.Call',
    base64:
      'CisKKTNkOTU3MWE2LWY0OWYtNGUyOS1iZGVmLTNhNzI3NTM5NjBlNS0wMDAwEAhCRgopCiczZDk1NzFhNi1mNDlmLTRlMjktYmRlZi0zYTcyNzUzOTYwZTUtUzASBwoFaGVsbG8aEJG4a+UKgUxMpWjgchkqefU=',
    json: {
      framework_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-0000' },
      type: 'ACKNOWLEDGE',
      acknowledge: {
        agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
        task_id: { value: 'hello' },
        uuid: 'kbhr5QqBTEylaOByGSp59Q==',
      },
    },
  },
  {
    name: 'scheduler.Event',
    base64:
      'MTYxCggEKpwBCpkBCgcKBWhlbGxvEAEqKQonM2Q5NTcxYTYtZjQ5Zi00ZTI5LWJkZWYtM2E3Mjc1Mzk2MGU1LVMwMdJSnOfWwtpBOgcKBWhlbGxvSAJaEDs5f94xfkESpBzbPadEgTpqOwoNKgsSCTEyNy4wLjAuMRik7gEiJgokMjdlMDY5NjMtMGJkNi00MjUyLThlZTgtMjJjMGNiZjRiZjM2',
    json: {
      type: 'UPDATE',
      update: {
        status: {
          task_id: { value: 'hello' },
          state: 'TASK_RUNNING',
          agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
          timestamp: 1795906462.442555,
          executor_id: { value: 'hello' },
          source: 'SOURCE_EXECUTOR',
          uuid: 'Ozl/3jF+QRKkHNs9p0SBOg==',
          container_status: {
            network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }],
            executor_pid: 30500,
            container_id: { value: '27e06963-0bd6-4252-8ee8-22c0cbf4bf36' },
          },
        },
      },
    },
  },
  {
    name: 'scheduler.Call',
    base64:
      'CisKKTNkOTU3MWE2LWY0OWYtNGUyOS1iZGVmLTNhNzI3NTM5NjBlNS0wMDAwEAhCRgopCiczZDk1NzFhNi1mNDlmLTRlMjktYmRlZi0zYTcyNzUzOTYwZTUtUzASBwoFaGVsbG8aEDs5f94xfkESpBzbPadEgTo=',
    json: {
      framework_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-0000' },
      type: 'ACKNOWLEDGE',
      acknowledge: {
        agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
        task_id: { value: 'hello' },
        uuid: 'Ozl/3jF+QRKkHNs9p0SBOg==',
      },
    },
  },
  {
    name: 'scheduler.Event',
    base64:
      'MTkxCggEKroBCrcBCgcKBWhlbGxvEAIiHENvbW1hbmQgZXhpdGVkIHdpdGggc3RhdHVzIDAqKQonM2Q5NTcxYTYtZjQ5Zi00ZTI5LWJkZWYtM2E3Mjc1Mzk2MGU1LVMwMbXEoefWwtpBOgcKBWhlbGxvSAJaEFaTMA2b9EVlsWuxXptQLUFqOwoNKgsSCTEyNy4wLjAuMRik7gEiJgokMjdlMDY5NjMtMGJkNi00MjUyLThlZTgtMjJjMGNiZjRiZjM2',
    json: {
      type: 'UPDATE',
      update: {
        status: {
          task_id: { value: 'hello' },
          state: 'TASK_FINISHED',
          message: 'Command exited with status 0',
          agent_id: { value: '3d9571a6-f49f-4e29-bdef-3a72753960e5-S0' },
          timestamp: 1795906462.527631,
          executor_id: { value: 'hello' },
          source: 'SOURCE_EXECUTOR',
          uuid: 'VpMwDZv0RWWxa7Fem1AtQQ==',
          container_status: {
            network_infos: [{ ip_addresses: [{ ip_address: '127.0.0.1' }] }],
            executor_pid: 30500,
            container_id: { value: '27e06963-0bd6-4252-8ee8-22c0cbf4bf36' },
          },
        },
      },
    },
  },
];
