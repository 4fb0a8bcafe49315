import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { httpAnswer } from './http-answer.js';

/** Gives every error of the HTTP API its form; what nobody expected is logged in full and answered with a bare 500. */
@Catch()
export class HttpErrorFilter implements ExceptionFilter {
  private readonly logger = new Logger(HttpErrorFilter.name);

  catch(error: unknown, host: ArgumentsHost): void {
    const known = error instanceof HttpException || isClientError(error);
    if (!known) this.logger.error(error);
    const answer = httpAnswer(isClientError(error) ? fromFastify(error) : error);
    void host.switchToHttp().getResponse<FastifyReply>().code(answer.status).headers(answer.headers).send(answer.body);
  }
}

/** Fastify's own refusals (a body too large, a broken header) carry the status they want. */
interface FastifyClientError {
  statusCode: number;
  message: string;
}

function isClientError(error: unknown): error is FastifyClientError {
  return (
    error instanceof Error && 'statusCode' in error && Number(error.statusCode) >= 400 && Number(error.statusCode) < 500
  );
}

function fromFastify({ statusCode, message }: FastifyClientError): HttpException {
  return new HttpException({ statusCode, message }, statusCode);
}
