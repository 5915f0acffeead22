import type { Message } from '../protobuf-json.ts';
import { flag, many, one, required, requiredText, requiredUnsigned, text, unsigned } from './fields.ts';
import { labels } from './values.ts';
import { image, parameter, secret, volume } from './volumes.ts';

const commandInfoURI: Message = {
  value: requiredText,
  executable: flag,
  extract: flag,
  cache: flag,
  output_file: text,
};

const environmentVariable: Message = {
  name: requiredText,
  type: one(['UNKNOWN', 'VALUE', 'SECRET']),
  value: text,
  secret: one(secret),
};

export const commandInfo: Message = {
  uris: many(commandInfoURI),
  environment: one({ variables: many(environmentVariable) }),
  shell: flag,
  value: text,
  arguments: many('string'),
  user: text,
};

const containerInfoDockerInfo: Message = {
  image: requiredText,
  network: one(['HOST', 'BRIDGE', 'NONE', 'USER']),
  port_mappings: many({ host_port: requiredUnsigned, container_port: requiredUnsigned, protocol: text }),
  privileged: flag,
  parameters: many(parameter),
  force_pull_image: flag,
  volume_driver: text,
};

const networkInfo: Message = {
  ip_addresses: many({ protocol: one(['IPv4', 'IPv6']), ip_address: text }),
  name: text,
  groups: many('string'),
  labels: one(labels),
  port_mappings: many({ host_port: requiredUnsigned, container_port: requiredUnsigned, protocol: text }),
};

const capabilityInfo: Message = {
  capabilities: many([
    ...['UNKNOWN', 'CHOWN', 'DAC_OVERRIDE', 'DAC_READ_SEARCH', 'FOWNER', 'FSETID', 'KILL', 'SETGID'],
    ...['SETUID', 'SETPCAP', 'LINUX_IMMUTABLE', 'NET_BIND_SERVICE', 'NET_BROADCAST', 'NET_ADMIN'],
    ...['NET_RAW', 'IPC_LOCK', 'IPC_OWNER', 'SYS_MODULE', 'SYS_RAWIO', 'SYS_CHROOT', 'SYS_PTRACE'],
    ...['SYS_PACCT', 'SYS_ADMIN', 'SYS_BOOT', 'SYS_NICE', 'SYS_RESOURCE', 'SYS_TIME', 'SYS_TTY_CONFIG'],
    ...['MKNOD', 'LEASE', 'AUDIT_WRITE', 'AUDIT_CONTROL', 'SETFCAP', 'MAC_OVERRIDE', 'MAC_ADMIN', 'SYSLOG'],
    ...['WAKE_ALARM', 'BLOCK_SUSPEND', 'AUDIT_READ', 'PERFMON', 'BPF', 'CHECKPOINT_RESTORE'],
  ]),
};

const linuxInfo: Message = {
  capability_info: one(capabilityInfo),
  bounding_capabilities: one(capabilityInfo),
  effective_capabilities: one(capabilityInfo),
  share_pid_namespace: flag,
  seccomp: one({ profile_name: text, unconfined: flag }),
  ipc_mode: one(['UNKNOWN', 'PRIVATE', 'SHARE_PARENT']),
  shm_size: unsigned,
  share_cgroups: flag,
};

export const ttyInfo: Message = {
  window_size: one({ rows: requiredUnsigned, columns: requiredUnsigned }),
};

export const containerInfo: Message = {
  type: required(['DOCKER', 'MESOS']),
  volumes: many(volume),
  hostname: text,
  docker: one(containerInfoDockerInfo),
  mesos: one({ image: one(image) }),
  network_infos: many(networkInfo),
  linux_info: one(linuxInfo),
  rlimit_info: one({
    rlimits: many({
      type: one([
        ...['UNKNOWN', 'RLMT_AS', 'RLMT_CORE', 'RLMT_CPU', 'RLMT_DATA', 'RLMT_FSIZE', 'RLMT_LOCKS'],
        ...['RLMT_MEMLOCK', 'RLMT_MSGQUEUE', 'RLMT_NICE', 'RLMT_NOFILE', 'RLMT_NPROC', 'RLMT_RSS'],
        ...['RLMT_RTPRIO', 'RLMT_RTTIME', 'RLMT_SIGPENDING', 'RLMT_STACK'],
      ]),
      hard: unsigned,
      soft: unsigned,
    }),
  }),
  tty_info: one(ttyInfo),
};
