import { applyDecorators } from '@nestjs/common';
import { ApiExtraModels, ApiProperty, ApiResponse, type ApiResponseOptions, getSchemaPath } from '@nestjs/swagger';
import { ApiError, type ApiErrorCode } from '../errors.js';
import { httpAnswer } from './http-answer.js';

/** The body of every error whose form is not the reference server's plain text. */
export class ErrorBody {
  @ApiProperty({ example: 503 })
  statusCode!: number;

  @ApiProperty({ example: 'unavailable', description: 'For programs: it stays the same' })
  code!: string;

  @ApiProperty({ example: 'what this needs cannot be reached now', description: 'For people' })
  message!: string;
}

/** When each of these errors is the answer. */
export type Occasions = Partial<Record<ApiErrorCode, string>>;

interface Example {
  error: ApiError;
  occasion: string;
}

/** Statuses that go with a Retry-After header. */
const RETRYABLE = [429, 503];
const RETRY_AFTER = { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } as const } };

/** Describes errors of the table for OpenAPI, with the bodies that are sent. To be used once on a method. */
export function ApiErrors(occasions: Occasions): MethodDecorator {
  const examples = Object.entries(occasions).map(([code, occasion]): Example => {
    return { error: new ApiError(code as ApiErrorCode), occasion };
  });
  const statuses = new Set(examples.map(({ error }) => error.getStatus()));
  const responses = Array.from(statuses, (status) => {
    return ApiResponse(
      response(
        status,
        examples.filter(({ error }) => error.getStatus() === status),
      ),
    );
  });
  return applyDecorators(ApiExtraModels(ErrorBody), ...responses);
}

function response(status: number, examples: readonly Example[]): ApiResponseOptions {
  const plain = examples.filter(({ error }) => error.plain);
  const json = examples.filter(({ error }) => !error.plain);
  return {
    status,
    description: examples.map(({ error, occasion }) => `\`${nameOf(error)}\`: ${occasion}`).join('; '),
    ...(RETRYABLE.includes(status) && { headers: RETRY_AFTER }),
    content: {
      ...(plain.length > 0 && { 'text/plain': { schema: { type: 'string' }, examples: bodies(plain) } }),
      ...(json.length > 0 && {
        'application/json': { schema: { $ref: getSchemaPath(ErrorBody) }, examples: bodies(json) },
      }),
    },
  };
}

/** By what a client can tell it from others of its status. */
function nameOf({ plain, message, code }: ApiError): string {
  return plain ? message : code;
}

function bodies(examples: readonly Example[]): Record<string, { value: unknown }> {
  const body = (error: ApiError): unknown => (error.plain ? httpAnswer(error).body : error.getResponse());
  return Object.fromEntries(examples.map(({ error }) => [error.code, { value: body(error) }]));
}
