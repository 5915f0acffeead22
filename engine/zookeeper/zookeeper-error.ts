/** What ZooKeeper answers (KeeperException.Code), and what the client itself says in the same words. */
const codes = {
  [-1]: 'SystemError',
  [-2]: 'RuntimeInconsistency',
  [-4]: 'ConnectionLoss',
  [-5]: 'MarshallingError',
  [-6]: 'Unimplemented',
  [-7]: 'OperationTimeout',
  [-8]: 'BadArguments',
  [-101]: 'NoNode',
  [-102]: 'NoAuth',
  [-103]: 'BadVersion',
  [-108]: 'NoChildrenForEphemerals',
  [-110]: 'NodeExists',
  [-111]: 'NotEmpty',
  [-112]: 'SessionExpired',
  [-114]: 'InvalidAcl',
  [-115]: 'AuthFailed',
  [-118]: 'SessionMoved',
  [-119]: 'NotReadOnly',
} as const;

export type ZookeeperErrorCode = (typeof codes)[keyof typeof codes] | 'SessionClosed' | 'Unknown';

/** A request that ZooKeeper refused, or that got no answer. */
export class ZookeeperError extends Error {
  readonly code: ZookeeperErrorCode;

  constructor(code: ZookeeperErrorCode, message: string) {
    super(message);
    this.name = 'ZookeeperError';
    this.code = code;
  }
}

export function errorOf(number: number, what: string): ZookeeperError {
  const known = Object.hasOwn(codes, number) ? codes[number as keyof typeof codes] : undefined;
  return new ZookeeperError(known ?? 'Unknown', `${what}: ${known ?? `error ${String(number)}`}`);
}

/** Whether a caught value is an error of ZooKeeper with one of these codes. */
export function hasCode(error: unknown, ...wanted: readonly ZookeeperErrorCode[]): error is ZookeeperError {
  return error instanceof ZookeeperError && wanted.includes(error.code);
}

/** Nobody knows whether the request was carried out: its answer is lost with the connection. */
export const isUncertain = (error: unknown): boolean => hasCode(error, 'ConnectionLoss', 'OperationTimeout');
