/** The facts (see ../message-types.ts) of containers (mesos.proto). */
export const containerMessages: Readonly<Record<string, string>> = {
  Image: 'type 1! .Type, appc 2 .Appc, docker 3 .Docker, cached 4 bool',
  'Image.Type': 'APPC 1, DOCKER 2',
  'Image.Appc': 'name 1! string, id 2 string, labels 3 Labels',
  'Image.Docker': 'name 1! string, credential 2 Credential, config 3 Secret',
  MountPropagation: 'mode 1 .Mode',
  'MountPropagation.Mode': 'UNKNOWN 0, HOST_TO_CONTAINER 1, BIDIRECTIONAL 2',
  Volume: 'mode 3! .Mode, container_path 1! string, host_path 2 string, image 4 Image, source 5 .Source',
  'Volume.Mode': 'RW 1, RO 2',
  'Volume.Source': `
    type 1 .Type, docker_volume 2 .DockerVolume, host_path 5 .HostPath, sandbox_path 3 .SandboxPath, secret 4 Secret,
    csi_volume 6 .CSIVolume`,
  'Volume.Source.Type': 'UNKNOWN 0, DOCKER_VOLUME 1, HOST_PATH 4, SANDBOX_PATH 2, SECRET 3, CSI_VOLUME 5',
  'Volume.Source.DockerVolume': 'driver 1 string, name 2! string, driver_options 3 Parameters',
  'Volume.Source.HostPath': 'path 1! string, mount_propagation 2 MountPropagation',
  'Volume.Source.SandboxPath': 'type 1 .Type, path 2! string',
  'Volume.Source.SandboxPath.Type': 'UNKNOWN 0, SELF 1, PARENT 2',
  'Volume.Source.CSIVolume': 'plugin_name 1! string, static_provisioning 2 .StaticProvisioning',
  'Volume.Source.CSIVolume.VolumeCapability': 'block 1 .BlockVolume, mount 2 .MountVolume, access_mode 3! .AccessMode',
  'Volume.Source.CSIVolume.VolumeCapability.BlockVolume': '',
  'Volume.Source.CSIVolume.VolumeCapability.MountVolume': 'fs_type 1 string, mount_flags 2* string',
  'Volume.Source.CSIVolume.VolumeCapability.AccessMode': 'mode 1! .Mode',
  'Volume.Source.CSIVolume.VolumeCapability.AccessMode.Mode': `
    UNKNOWN 0, SINGLE_NODE_WRITER 1, SINGLE_NODE_READER_ONLY 2, MULTI_NODE_READER_ONLY 3, MULTI_NODE_SINGLE_WRITER 4,
    MULTI_NODE_MULTI_WRITER 5`,
  'Volume.Source.CSIVolume.StaticProvisioning': `
    volume_id 1! string, volume_capability 2! Volume.Source.CSIVolume.VolumeCapability, node_stage_secrets 3% Secret,
    node_publish_secrets 4% Secret, volume_context 5% string`,
  NetworkInfo: `
    ip_addresses 5* .IPAddress, name 6 string, groups 3* string, labels 4 Labels, port_mappings 7* .PortMapping`,
  'NetworkInfo.Protocol': 'IPv4 1, IPv6 2',
  'NetworkInfo.IPAddress': 'protocol 1 NetworkInfo.Protocol, ip_address 2 string',
  'NetworkInfo.PortMapping': 'host_port 1! uint32, container_port 2! uint32, protocol 3 string',
  CapabilityInfo: 'capabilities 1* .Capability',
  'CapabilityInfo.Capability': `
    UNKNOWN 0, CHOWN 1000, DAC_OVERRIDE 1001, DAC_READ_SEARCH 1002, FOWNER 1003, FSETID 1004, KILL 1005, SETGID 1006,
    SETUID 1007, SETPCAP 1008, LINUX_IMMUTABLE 1009, NET_BIND_SERVICE 1010, NET_BROADCAST 1011, NET_ADMIN 1012,
    NET_RAW 1013, IPC_LOCK 1014, IPC_OWNER 1015, SYS_MODULE 1016, SYS_RAWIO 1017, SYS_CHROOT 1018, SYS_PTRACE 1019,
    SYS_PACCT 1020, SYS_ADMIN 1021, SYS_BOOT 1022, SYS_NICE 1023, SYS_RESOURCE 1024, SYS_TIME 1025,
    SYS_TTY_CONFIG 1026, MKNOD 1027, LEASE 1028, AUDIT_WRITE 1029, AUDIT_CONTROL 1030, SETFCAP 1031,
    MAC_OVERRIDE 1032, MAC_ADMIN 1033, SYSLOG 1034, WAKE_ALARM 1035, BLOCK_SUSPEND 1036, AUDIT_READ 1037,
    PERFMON 1038, BPF 1039, CHECKPOINT_RESTORE 1040`,
  SeccompInfo: 'profile_name 1 string, unconfined 2 bool',
  LinuxInfo: `
    capability_info 1 CapabilityInfo, bounding_capabilities 2 CapabilityInfo,
    effective_capabilities 3 CapabilityInfo, share_pid_namespace 4 bool, seccomp 5 SeccompInfo, ipc_mode 6 .IpcMode,
    shm_size 7 uint32, share_cgroups 8 bool`,
  'LinuxInfo.IpcMode': 'UNKNOWN 0, PRIVATE 1, SHARE_PARENT 2',
  RLimitInfo: 'rlimits 1* .RLimit',
  'RLimitInfo.RLimit': 'type 1 .Type, hard 2 uint64, soft 3 uint64',
  'RLimitInfo.RLimit.Type': `
    UNKNOWN 0, RLMT_AS 1, RLMT_CORE 2, RLMT_CPU 3, RLMT_DATA 4, RLMT_FSIZE 5, RLMT_LOCKS 6, RLMT_MEMLOCK 7,
    RLMT_MSGQUEUE 8, RLMT_NICE 9, RLMT_NOFILE 10, RLMT_NPROC 11, RLMT_RSS 12, RLMT_RTPRIO 13, RLMT_RTTIME 14,
    RLMT_SIGPENDING 15, RLMT_STACK 16`,
  TTYInfo: 'window_size 1 .WindowSize',
  'TTYInfo.WindowSize': 'rows 1! uint32, columns 2! uint32',
  ContainerInfo: `
    type 1! .Type, volumes 2* Volume, hostname 4 string, docker 3 .DockerInfo, mesos 5 .MesosInfo,
    network_infos 7* NetworkInfo, linux_info 8 LinuxInfo, rlimit_info 9 RLimitInfo, tty_info 10 TTYInfo`,
  'ContainerInfo.Type': 'DOCKER 1, MESOS 2',
  'ContainerInfo.DockerInfo': `
    image 1! string, network 2 .Network, port_mappings 3* .PortMapping, privileged 4 bool, parameters 5* Parameter,
    force_pull_image 6 bool, volume_driver 7 string`,
  'ContainerInfo.DockerInfo.Network': 'HOST 1, BRIDGE 2, NONE 3, USER 4',
  'ContainerInfo.DockerInfo.PortMapping': 'host_port 1! uint32, container_port 2! uint32, protocol 3 string',
  'ContainerInfo.MesosInfo': 'image 1 Image',
  ContainerStatus: `
    container_id 4 ContainerID, network_infos 1* NetworkInfo, cgroup_info 2 CgroupInfo, executor_pid 3 uint32`,
  CgroupInfo: 'net_cls 1 .NetCls',
  'CgroupInfo.Blkio.Operation': 'UNKNOWN 0, TOTAL 1, READ 2, WRITE 3, SYNC 4, ASYNC 5, DISCARD 6',
  'CgroupInfo.Blkio.Value': 'op 1 CgroupInfo.Blkio.Operation, value 2 uint64',
  'CgroupInfo.Blkio.CFQ.Statistics': `
    device 1 Device.Number, sectors 2 uint64, time 3 uint64, io_serviced 4* CgroupInfo.Blkio.Value,
    io_service_bytes 5* CgroupInfo.Blkio.Value, io_service_time 6* CgroupInfo.Blkio.Value,
    io_wait_time 7* CgroupInfo.Blkio.Value, io_merged 8* CgroupInfo.Blkio.Value, io_queued 9* CgroupInfo.Blkio.Value`,
  'CgroupInfo.Blkio.Throttling.Statistics': `
    device 1 Device.Number, io_serviced 2* CgroupInfo.Blkio.Value, io_service_bytes 3* CgroupInfo.Blkio.Value`,
  'CgroupInfo.Blkio.Statistics': `
    cfq 1* CgroupInfo.Blkio.CFQ.Statistics, cfq_recursive 2* CgroupInfo.Blkio.CFQ.Statistics,
    throttling 3* CgroupInfo.Blkio.Throttling.Statistics`,
  'CgroupInfo.NetCls': 'classid 1 uint32',
  'Device.Number': 'major_number 1! uint64, minor_number 2! uint64',
};
