import { createParamDecorator, type ExecutionContext, Injectable, type PipeTransform } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../core/errors.js';
import type { Attempt } from './code-store.js';

const CODE = /^[0-9]{4,8}$/;

/** Longest Idempotency-Key that is taken; keys are UUIDs as a rule, and each is kept for the life of its code. */
const MAX_KEY = 255;

/** The whole request: what makes it right or wrong is spread over headers and body. */
export const RawRequest = createParamDecorator((_, context: ExecutionContext) =>
  context.switchToHttp().getRequest<FastifyRequest>(),
);

/** Reads a request to redeem; checks in the reference server's order, each error before the next is looked for. */
@Injectable()
export class RedeemPipe implements PipeTransform<FastifyRequest, Omit<Attempt, 'guesser'>> {
  /** @throws ApiError `bad_content_type` or `bad_request`. */
  transform({ contentType, headers, body }: FastifyRequest): Omit<Attempt, 'guesser'> {
    if (!contentType?.startsWith('application/json')) throw new ApiError('bad_content_type');
    const code = codeIn(body);
    const idempotencyKey = headers['idempotency-key'];
    if (code === undefined || Array.isArray(idempotencyKey) || (idempotencyKey?.length ?? 0) > MAX_KEY) {
      throw new ApiError('bad_request');
    }
    return { code, idempotencyKey: idempotencyKey || undefined };
  }
}

function codeIn(body: unknown): string | undefined {
  try {
    const { code } = JSON.parse(String(body)) as { code?: unknown };
    return typeof code === 'string' && CODE.test(code) ? code : undefined;
  } catch {
    return undefined; // not JSON, or null
  }
}
