import { imageSets, liteBuild } from '../planning/catalogue/image-sets.ts';
import { imageParts } from '../planning/catalogue/roles.ts';
import type { Plan } from '../planning/plan/plan.ts';
import type { GeneratedFile } from './generated-file.ts';
import { headerComment } from './text/header-comment.ts';
import { toolLabel } from '../protocol/lab-labels.ts';

const tool = '/opt/create-mesos-cluster/create-mesos-cluster.cjs';

/** Programs of the image, as the set lite calls them. */
const [first = '', ...others] = imageParts.flatMap((part) => {
  const { build, command = [] } = imageSets.lite.images[part];
  return build === undefined ? [] : command.slice(0, 1);
});

/** What runs a program of the image: all are links to it, and it knows by its name which one is meant. */
const launcher = ['#!/bin/sh', `exec node ${tool} __component "\${0##*/}" "$@"`];

/** A health check that costs next to nothing where the base has a wget. */
const probe = [
  '#!/bin/sh',
  'if command -v wget >/dev/null 2>&1; then exec wget -q -O /dev/null "$1"; fi',
  'exec node -e "require(\\"http\\").get(process.argv[1], (answer) => process.exit(answer.statusCode === 200 ? 0 : 1)).on(\\"error\\", () => process.exit(1))" "$1"',
];

/** Writes lines to a file, in the shell of a RUN. */
const writeFile = (lines: readonly string[], path: string): string =>
  `printf '%s\\n' ${lines.map((line) => `'${line}'`).join(' \\\n      ')} > ${path}`;

const dockerfile = `${headerComment}# The image of the set lite: master, agent, Marathon, load balancer and add-ons, small, of create-mesos-cluster itself.
# The build context is the lab's own copy of the tool: ${liteBuild.context}

ARG BASE=${liteBuild.args.BASE}
ARG DOCKER_CLI=${liteBuild.args.DOCKER_CLI}

FROM \${DOCKER_CLI} AS docker-cli

FROM \${BASE}
# Agents run containers with it.
COPY --from=docker-cli /usr/local/bin/docker /usr/local/bin/docker
COPY . /opt/create-mesos-cluster/
# Ends here already if the base has no Node.js, or one that is too old.
RUN node ${tool} version \\
 && cd /usr/local/bin \\
 && ${writeFile(launcher, first)} \\
 && ${writeFile(probe, 'http-probe')} \\
 && chmod 755 ${first} http-probe \\
 && for name in ${others.join(' ')}; do ln -s ${first} "$name"; done
# Each service says which program it is; the base's own entry point would only stand between.
ENTRYPOINT []
CMD ["${first}", "--help"]
# Fingerprint of the tool, so that \`up\` knows when to build again.
ARG TOOL
LABEL ${toolLabel}=\${TOOL}
`;

/** The Dockerfile of the lite image, for labs that use it. */
export function liteImageFiles({ nodes }: Plan): readonly GeneratedFile[] {
  const isUsed = nodes.some(({ components }) => components.some(({ buildsImage }) => buildsImage === true));
  return isUsed ? [{ path: liteBuild.dockerfile, content: dockerfile }] : [];
}
