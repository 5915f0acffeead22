/** First lines of every generated file whose language has comments with a hash. */
export const headerComment = `# Written by create-mesos-cluster from mesos-cluster.yaml.
# Do not edit: change mesos-cluster.yaml and run \`npm run generate\`.

`;
