/** The facts (see ../message-types.ts) of masters, agents, resources (mesos.proto). */
export const agentMessages: Readonly<Record<string, string>> = {
  DomainInfo: 'fault_domain 1 .FaultDomain',
  'DomainInfo.FaultDomain': 'region 1! .RegionInfo, zone 2! .ZoneInfo',
  'DomainInfo.FaultDomain.RegionInfo': 'name 1! string',
  'DomainInfo.FaultDomain.ZoneInfo': 'name 1! string',
  MasterInfo: `
    id 1! string, ip 2! uint32, port 3! uint32, pid 4 string, hostname 5 string, version 6 string, address 7 Address,
    domain 8 DomainInfo, capabilities 9* .Capability`,
  'MasterInfo.Capability': 'type 1 .Type',
  'MasterInfo.Capability.Type': 'UNKNOWN 0, AGENT_UPDATE 1, AGENT_DRAINING 2, QUOTA_V2 3',
  AgentInfo: `
    hostname 1! string, port 8 int32, resources 3* Resource, attributes 5* Attribute, id 6 AgentID,
    domain 10 DomainInfo`,
  'AgentInfo.Capability': 'type 1 .Type',
  'AgentInfo.Capability.Type': `
    UNKNOWN 0, MULTI_ROLE 1, HIERARCHICAL_ROLE 2, RESERVATION_REFINEMENT 3, RESOURCE_PROVIDER 4, RESIZE_VOLUME 5,
    AGENT_OPERATION_FEEDBACK 6, AGENT_DRAINING 7, TASK_RESOURCE_LIMITS 8`,
  CSIPluginContainerInfo: `
    services 1* .Service, command 2 CommandInfo, resources 3* Resource, container 4 ContainerInfo`,
  'CSIPluginContainerInfo.Service': 'UNKNOWN 0, CONTROLLER_SERVICE 1, NODE_SERVICE 2',
  CSIPluginEndpoint: 'csi_service 1! CSIPluginContainerInfo.Service, endpoint 2! string',
  CSIPluginInfo: `
    type 1! string, name 2 string, containers 3* CSIPluginContainerInfo, endpoints 4* CSIPluginEndpoint,
    target_path_root 5 string, target_path_exists 6 bool`,
  ResourceProviderInfo: `
    id 1 ResourceProviderID, attributes 2* Attribute, type 3! string, name 4! string,
    default_reservations 5* Resource.ReservationInfo, storage 6 .Storage`,
  'ResourceProviderInfo.Storage': 'plugin 1! CSIPluginInfo, reconciliation_interval_seconds 2 double',
  'Value.Type': 'SCALAR 0, RANGES 1, SET 2, TEXT 3',
  'Value.Scalar': 'value 1! double',
  'Value.Range': 'begin 1! uint64, end 2! uint64',
  'Value.Ranges': 'range 1* Value.Range',
  'Value.Set': 'item 1* string',
  'Value.Text': 'value 1! string',
  Attribute: `
    name 1! string, type 2! Value.Type, scalar 3 Value.Scalar, ranges 4 Value.Ranges, set 6 Value.Set,
    text 5 Value.Text`,
  Resource: `
    provider_id 12 ResourceProviderID, name 1! string, type 2! Value.Type, scalar 3 Value.Scalar,
    ranges 4 Value.Ranges, set 5 Value.Set, role 6 string, allocation_info 11 .AllocationInfo,
    reservation 8 .ReservationInfo, reservations 13* .ReservationInfo, disk 7 .DiskInfo, revocable 9 .RevocableInfo,
    shared 10 .SharedInfo`,
  'Resource.AllocationInfo': 'role 1 string',
  'Resource.ReservationInfo': 'type 4 .Type, role 3 string, principal 1 string, labels 2 Labels',
  'Resource.ReservationInfo.Type': 'UNKNOWN 0, STATIC 1, DYNAMIC 2',
  'Resource.DiskInfo': 'persistence 1 .Persistence, volume 2 Volume, source 3 .Source',
  'Resource.DiskInfo.Persistence': 'id 1! string, principal 2 string',
  'Resource.DiskInfo.Source': `
    type 1! .Type, path 2 .Path, mount 3 .Mount, vendor 7 string, id 4 string, metadata 5 Labels, profile 6 string`,
  'Resource.DiskInfo.Source.Type': 'UNKNOWN 0, PATH 1, MOUNT 2, BLOCK 3, RAW 4',
  'Resource.DiskInfo.Source.Path': 'root 1 string',
  'Resource.DiskInfo.Source.Mount': 'root 1 string',
  'Resource.RevocableInfo': '',
  'Resource.SharedInfo': '',
  WeightInfo: 'weight 1! double, role 2 string',
  VersionInfo: `
    version 1! string, build_date 2 string, build_time 3 double, build_user 4 string, git_sha 5 string,
    git_branch 6 string, git_tag 7 string`,
  Flag: 'name 1! string, value 2 string',
  Role: 'name 1! string, weight 2! double, frameworks 3* FrameworkID, resources 4* Resource',
  Metric: 'name 1! string, value 2 double',
  FileInfo: `
    path 1! string, nlink 2 int32, size 3 uint64, mtime 4 TimeInfo, mode 5 uint32, uid 6 string, gid 7 string`,
  DrainState: 'UNKNOWN 0, DRAINING 1, DRAINED 2',
  DrainConfig: 'max_grace_period 1 DurationInfo, mark_gone 2 bool',
  DrainInfo: 'state 1! DrainState, config 2! DrainConfig',
  Duration: 'seconds 1 int64, nanos 2 int32',
};
