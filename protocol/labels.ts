/** Labels of mesos.proto: what a framework or an operator says of a thing, which Mesos itself does not look at. */
export interface Labels {
  readonly labels: readonly { readonly key: string; readonly value?: string }[];
}
