import { labLabel, nodeLabel, roleLabel } from '../../protocol/lab-labels.ts';
import { keptHours } from './loki-config.ts';

export interface CollectorSettings {
  readonly lab: string;
  /** `http://loki:3100` */
  readonly lokiUrl: string;
}

/** Where the collector has the work directories of agents, by the names of their nodes. */
export const agentsFolder = '/agents';

/** A label of a line, and where it is from: a regular expression (RE2, of all of it) with what is wanted in brackets. */
interface LabelRule {
  readonly label: string;
  readonly from: string;
  readonly pattern?: string;
}

/** As Prometheus calls what Docker knows of a container: each other character is an underscore. */
const ofContainer = (label: string) => `__meta_docker_container_label_${label.replaceAll(/[^a-z0-9]/gi, '_')}`;

const componentRules: readonly LabelRule[] = [
  { label: 'node', from: ofContainer(nodeLabel) },
  { label: 'role', from: ofContainer(roleLabel) },
  { label: 'stream', from: '__meta_docker_container_log_stream' },
];

/** Of a sandbox's place (apache/mesos, src/slave/paths.hpp), and of the id of an executor of Marathon (Instance.scala). */
export const taskRules: readonly LabelRule[] = [
  { label: 'node', from: '__path__', pattern: `${agentsFolder}/([^/]+)/.*` },
  { label: 'framework', from: '__path__', pattern: '.*/frameworks/([^/]+)/.*' },
  { label: 'executor', from: '__path__', pattern: '.*/executors/([^/]+)/.*' },
  { label: 'container', from: '__path__', pattern: '.*/([^/]+)/(?:stdout|stderr)' },
  { label: 'stream', from: '__path__', pattern: '.*/(stdout|stderr)' },
  {
    label: 'app',
    from: 'executor',
    pattern: '(?:marathon-|instance-)?([a-z0-9_.-]+?)[.](?:instance-|marathon-)?[0-9a-f]{8}-[0-9a-f-]{27}.*',
  },
];

// Words of Alloy are those of JSON.
const text = (value: string) => JSON.stringify(value);

const relabel = (name: string, targets: string, rules: readonly LabelRule[]) => `discovery.relabel "${name}" {
  targets = ${targets}
${rules
  .map(
    ({ label, from, pattern }) => `
  rule {
    source_labels = [${text(from)}]
${pattern === undefined ? '' : `    regex         = ${text(pattern)}\n`}    target_label  = ${text(label)}
  }
`,
  )
  .join('')}}`;

const runs = `${agentsFolder}/*/slaves/*/frameworks/*/executors/*/runs`;

/**
 * What is read of a sandbox, as globs: two files of each container, also of those in a pod. Beside the runs of an executor
 * there is a link to the newest, `latest`.
 */
export const sandboxFiles = ['', 'containers/*/'].map((below) => ({
  files: `${runs}/*/${below}{stdout,stderr}`,
  without: `${runs}/latest/${below}*`,
}));

const pathTargets = sandboxFiles.map(
  ({ files, without }) => `    {
      __path__         = ${text(files)},
      __path_exclude__ = ${text(without)},
      source           = "task",
    },`,
);

/** What the collector of each machine reads, in the language of Grafana Alloy (its docs/sources/reference/components). */
export const collectorConfig = ({ lab, lokiUrl }: CollectorSettings): string => `logging {
  level = "warn"
}

// Containers: those of this lab, and no others.
discovery.docker "lab" {
  host             = "unix:///var/run/docker.sock"
  refresh_interval = "10s"

  filter {
    name   = "label"
    values = [${text(`${labLabel}=${lab}`)}]
  }
}

${relabel('components', '[]', componentRules)}

loki.source.docker "components" {
  host          = "unix:///var/run/docker.sock"
  targets       = discovery.docker.lab.targets
  labels        = {source = "component"}
  relabel_rules = discovery.relabel.components.rules
  forward_to    = [loki.write.lab.receiver]
}

// Tasks: what they write into their sandboxes, those of containers in a pod, too.
local.file_match "sandboxes" {
  path_targets = [
${pathTargets.join('\n')}
  ]
  ignore_older_than = "${keptHours}h"
}

${relabel('tasks', 'local.file_match.sandboxes.targets', taskRules)}

loki.source.file "tasks" {
  targets    = discovery.relabel.tasks.output
  forward_to = [loki.process.tasks.receiver]
}

loki.process "tasks" {
  // As Marathon calls its apps: in ids of tasks a slash is an underscore.
  stage.template {
    source   = "app"
    template = "{{ if .Value }}/{{ Replace .Value \\"_\\" \\"/\\" -1 }}{{ end }}"
  }

  stage.labels {
    values = {app = ""}
  }

  // The labels say the same.
  stage.label_drop {
    values = ["filename"]
  }
  forward_to = [loki.write.lab.receiver]
}

loki.write "lab" {
  endpoint {
    url = ${text(`${lokiUrl}/loki/api/v1/push`)}
  }
  external_labels = {lab = ${text(lab)}}
}
`;
