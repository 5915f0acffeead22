import { jsonAnswer, type HttpAnswer } from '../http/http-answer.ts';

const phrases: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  404: 'Not Found',
  405: 'Method Not Allowed',
  415: 'Unsupported Media Type',
  500: 'Internal Server Error',
};

/** Thrown anywhere below the API, it becomes the answer. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** ApiResult of Chronos: its status is a phrase, its message what Java says of an exception. */
export const failureAnswer = (status: number, message: string): HttpAnswer =>
  jsonAnswer(status, { status: phrases[status] ?? String(status), message });

/** What `require` of Scala throws; Chronos answers the stack with it in front. */
export const unmet = (message: string): ApiError =>
  new ApiError(400, `java.lang.IllegalArgumentException: requirement failed: ${message}`);
