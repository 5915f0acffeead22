/** ContainerID of mesos.proto. */
export interface ContainerId {
  readonly value: string;
  /** What it is nested in. */
  readonly parent?: ContainerId;
}

/** As Mesos writes it: `root.child.grandchild`. */
export const textOfId = ({ value, parent }: ContainerId): string =>
  parent === undefined ? value : `${textOfId(parent)}.${value}`;

export const rootOf = (id: ContainerId): ContainerId => (id.parent === undefined ? id : rootOf(id.parent));

export const isRoot = ({ parent }: ContainerId): boolean => parent === undefined;

/** Where it is in the sandbox of its outermost one. */
export const belowRoot = ({ value, parent }: ContainerId): string =>
  parent === undefined ? '' : `${belowRoot(parent)}/containers/${value}`;

/** MAX_CONTAINER_ID_LENGTH of Mesos's src/slave/constants.hpp. */
const maxLength = 242;

/** Why it is none, in the words of src/slave/validation.cpp and src/common/validation.cpp. */
export function refuseId({ value, parent }: ContainerId): string | undefined {
  if (value === '') return 'ID must not be empty';
  if (Buffer.byteLength(value) > 255) return 'ID must not be greater than 255 characters';
  if (value === '.' || value === '..') return `'${value}' is disallowed`;
  if (/[\u0000-\u001f\u007f/\\]/.test(value)) return `'${value}' contains invalid characters`;
  if (Buffer.byteLength(value) > maxLength) {
    return `'ContainerID.value' '${value}' exceeds the maximum length (${maxLength})`;
  }
  if (/[. ]/.test(value)) return `'ContainerID.value' '${value}' contains invalid characters`;
  const ofParent = parent === undefined ? undefined : refuseId(parent);
  return ofParent === undefined ? undefined : `'ContainerID.parent' is invalid: ${ofParent}`;
}
