/** Why a task's files were not fetched: the message and the reason are for the framework. */
export class FetchFailure extends Error {
  override readonly name = 'FetchFailure';
  readonly reason: string;

  constructor(message: string, reason = 'REASON_CONTAINER_LAUNCH_FAILED') {
    super(message);
    this.reason = reason;
  }
}
