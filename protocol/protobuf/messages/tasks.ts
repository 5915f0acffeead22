/** The facts (see ../message-types.ts) of tasks and operations (mesos.proto). */
export const taskMessages: Readonly<Record<string, string>> = {
  TaskInfo: `
    name 1! string, task_id 2! TaskID, agent_id 3! AgentID, resources 4* Resource, executor 5 ExecutorInfo,
    command 7 CommandInfo, container 9 ContainerInfo, health_check 8 HealthCheck, check 13 CheckInfo,
    kill_policy 12 KillPolicy, data 6 bytes, labels 10 Labels, discovery 11 DiscoveryInfo,
    max_completion_time 14 DurationInfo, limits 15% Value.Scalar`,
  TaskGroupInfo: 'tasks 1* TaskInfo',
  Task: `
    name 1! string, task_id 2! TaskID, framework_id 3! FrameworkID, executor_id 4 ExecutorID, agent_id 5! AgentID,
    state 6! TaskState, resources 7* Resource, statuses 8* TaskStatus, status_update_state 9 TaskState,
    status_update_uuid 10 bytes, labels 11 Labels, discovery 12 DiscoveryInfo, container 13 ContainerInfo,
    health_check 15 HealthCheck, kill_policy 16 KillPolicy, user 14 string, limits 17% Value.Scalar`,
  TaskState: `
    TASK_STAGING 6, TASK_STARTING 0, TASK_RUNNING 1, TASK_KILLING 8, TASK_FINISHED 2, TASK_FAILED 3, TASK_KILLED 4,
    TASK_ERROR 7, TASK_LOST 5, TASK_DROPPED 9, TASK_UNREACHABLE 10, TASK_GONE 11, TASK_GONE_BY_OPERATOR 12,
    TASK_UNKNOWN 13`,
  TaskResourceLimitation: 'resources 1* Resource',
  UUID: 'value 1! bytes',
  Operation: `
    framework_id 1 FrameworkID, agent_id 2 AgentID, info 3! Offer.Operation, latest_status 4! OperationStatus,
    statuses 5* OperationStatus, uuid 6! UUID`,
  OperationState: `
    OPERATION_UNSUPPORTED 0, OPERATION_PENDING 1, OPERATION_FINISHED 2, OPERATION_FAILED 3, OPERATION_ERROR 4,
    OPERATION_DROPPED 5, OPERATION_UNREACHABLE 6, OPERATION_GONE_BY_OPERATOR 7, OPERATION_RECOVERING 8,
    OPERATION_UNKNOWN 9`,
  OperationStatus: `
    operation_id 1 OperationID, state 2! OperationState, message 3 string, converted_resources 4* Resource,
    uuid 5 UUID, agent_id 6 AgentID, resource_provider_id 7 ResourceProviderID`,
  CheckStatusInfo: 'type 1 CheckInfo.Type, command 2 .Command, http 3 .Http, tcp 4 .Tcp',
  'CheckStatusInfo.Command': 'exit_code 1 int32',
  'CheckStatusInfo.Http': 'status_code 1 uint32',
  'CheckStatusInfo.Tcp': 'succeeded 1 bool',
  TaskStatus: `
    task_id 1! TaskID, state 2! TaskState, message 4 string, source 9 .Source, reason 10 .Reason, data 3 bytes,
    agent_id 5 AgentID, executor_id 7 ExecutorID, timestamp 6 double, uuid 11 bytes, healthy 8 bool,
    check_status 15 CheckStatusInfo, labels 12 Labels, container_status 13 ContainerStatus,
    unreachable_time 14 TimeInfo, limitation 16 TaskResourceLimitation`,
  'TaskStatus.Source': 'SOURCE_MASTER 0, SOURCE_AGENT 1, SOURCE_EXECUTOR 2',
  'TaskStatus.Reason': `
    REASON_COMMAND_EXECUTOR_FAILED 0, REASON_CONTAINER_LAUNCH_FAILED 21, REASON_CONTAINER_LIMITATION 19,
    REASON_CONTAINER_LIMITATION_DISK 20, REASON_CONTAINER_LIMITATION_MEMORY 8, REASON_CONTAINER_PREEMPTED 17,
    REASON_CONTAINER_UPDATE_FAILED 22, REASON_MAX_COMPLETION_TIME_REACHED 33,
    REASON_EXECUTOR_REGISTRATION_TIMEOUT 23, REASON_EXECUTOR_REREGISTRATION_TIMEOUT 24, REASON_EXECUTOR_TERMINATED 1,
    REASON_EXECUTOR_UNREGISTERED 2, REASON_FRAMEWORK_REMOVED 3, REASON_GC_ERROR 4, REASON_INVALID_FRAMEWORKID 5,
    REASON_INVALID_OFFERS 6, REASON_IO_SWITCHBOARD_EXITED 27, REASON_MASTER_DISCONNECTED 7, REASON_RECONCILIATION 9,
    REASON_RESOURCES_UNKNOWN 18, REASON_AGENT_DISCONNECTED 10, REASON_AGENT_DRAINING 34, REASON_AGENT_REMOVED 11,
    REASON_AGENT_REMOVED_BY_OPERATOR 31, REASON_AGENT_REREGISTERED 32, REASON_AGENT_RESTARTED 12,
    REASON_AGENT_UNKNOWN 13, REASON_TASK_KILLED_DURING_LAUNCH 30, REASON_TASK_CHECK_STATUS_UPDATED 28,
    REASON_TASK_HEALTH_CHECK_STATUS_UPDATED 29, REASON_TASK_GROUP_INVALID 25, REASON_TASK_GROUP_UNAUTHORIZED 26,
    REASON_TASK_INVALID 14, REASON_TASK_UNAUTHORIZED 15, REASON_TASK_UNKNOWN 16`,
  DiscoveryInfo: `
    visibility 1! .Visibility, name 2 string, environment 3 string, location 4 string, version 5 string,
    ports 6 Ports, labels 7 Labels`,
  'DiscoveryInfo.Visibility': 'FRAMEWORK 0, CLUSTER 1, EXTERNAL 2',
  Port: 'number 1! uint32, name 2 string, protocol 3 string, visibility 4 DiscoveryInfo.Visibility, labels 5 Labels',
  Ports: 'ports 1* Port',
  Labels: 'labels 1* Label',
  Label: 'key 1! string, value 2 string',
};
