import { HttpException, HttpStatus } from '@nestjs/common';
import { ApiError } from '../errors.js';

/** An error as it goes out, whether as the answer to a request or to a refused upgrade. */
export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

/** The form of every error answer: our own table's, Nest's own exceptions with a `code` added, anything else a bare 500. */
export function httpAnswer(error: unknown): HttpAnswer {
  if (error instanceof ApiError && error.plain) {
    const headers = { ...error.headers, 'Content-Type': 'text/plain; charset=utf-8' };
    return { status: error.getStatus(), headers, body: `${error.message}\n` };
  }
  const known = error instanceof HttpException ? error : new ApiError('internal_error');
  const headers = known instanceof ApiError ? { ...known.headers } : {};
  return {
    status: known.getStatus(),
    headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify(jsonBody(known)),
  };
}

function jsonBody(error: HttpException): object {
  const response = error.getResponse();
  const body = typeof response === 'object' ? response : { statusCode: error.getStatus(), message: response };
  const code = HttpStatus[error.getStatus()]?.toLowerCase() ?? 'error';
  return { code, ...body };
}
