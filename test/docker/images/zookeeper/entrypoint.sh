#!/usr/bin/env bash
# Writes zoo.cfg and myid from the variables that the official ZooKeeper image takes, and starts ZooKeeper.
set -euo pipefail

mkdir -p /conf
{
  echo tickTime=2000
  echo initLimit=5
  echo syncLimit=2
  echo dataDir=/data
  echo dataLogDir=/datalog
  echo "autopurge.purgeInterval=${ZOO_AUTOPURGE_PURGEINTERVAL:-0}"
  echo "4lw.commands.whitelist=${ZOO_4LW_COMMANDS_WHITELIST:-srvr}"
  echo "admin.enableServer=${ZOO_ADMINSERVER_ENABLED:-true}"
  # One server to a line; nothing but these lines sets a client port, as in the official image.
  tr ' ' '\n' <<<"$ZOO_SERVERS"
} >/conf/zoo.cfg
echo "${ZOO_MY_ID:-1}" >/data/myid

# The jar names those that it needs. Flags are words, as zkServer.sh takes them.
# shellcheck disable=SC2086
exec java ${JVMFLAGS:-} -cp /conf:/usr/share/java/zookeeper.jar:/usr/share/java/slf4j-log4j12.jar:/usr/share/java/log4j-1.2.jar \
  org.apache.zookeeper.server.quorum.QuorumPeerMain /conf/zoo.cfg
