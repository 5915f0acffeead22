// What Mesos's agent says of a container whose executor has died (TASK_FAILED), where the lite agent says which command
// of the Docker client failed.
const stringify = JSON.stringify;
const isDeath = (key, value) => key === 'message' && /^Failed to launch container: .* 134; stderr=''$/s.test(value);
JSON.stringify = (value, replacer, space) =>
  replacer === undefined || replacer === null
    ? stringify(value, (key, each) => (isDeath(key, each) ? 'Container terminated' : each), space)
    : stringify(value, replacer, space);
