/** Documents that several reasons name. */
export const mesosMasterDoc = 'Apache Mesos, docs/configuration/master.md';
export const mesosAgentDoc = 'Apache Mesos, docs/configuration/agent.md';
export const mesosCommonDoc = 'Apache Mesos, docs/configuration/master-and-agent.md';
export const operationalGuide = 'Apache Mesos, docs/operational-guide.md';
export const haDoc = 'Apache Mesos, docs/high-availability.md';
export const marathonFlagsDoc = 'Marathon, docs/command-line-flags.md';
export const zookeeperImage = 'README of the official ZooKeeper image';
export const zookeeperAdmin = "Apache ZooKeeper, Administrator's Guide";
export const chronosDoc = 'Chronos, docs/configuration.md';
export const chronosScript = 'mesos/chronos, bin/start.sh';
export const marathonLbDoc = 'mesosphere/marathon-lb, README.md and run';
export const registryDoc = 'Distribution, docs/configuration.md';
export const dindDoc = 'README of the official docker:dind image';
export const composeSpec = 'Compose Specification';
export const tried = 'tried on Docker Engine 26.1 with a real Mesos master and agents';
