import { BadRequestException, HttpException, NotFoundException } from '@nestjs/common';
import { ApiError, type ApiErrorCode, retryAfter } from '../errors.js';
import { httpAnswer } from './http-answer.js';

const json = (error: unknown): unknown => JSON.parse(httpAnswer(error).body);

describe('the errors that the reference server has', () => {
  it.each<[ApiErrorCode, number, string]>([
    ['method_not_allowed', 405, 'method not allowed\n'],
    ['bad_content_type', 415, 'bad content-type\n'],
    ['bad_request', 400, 'bad request\n'],
    ['gone', 410, 'gone\n'],
    ['rate_limited', 429, 'rate limit\n'],
    ['invalid_app_id', 400, 'invalid appID\n'],
    ['invalid_side', 400, 'invalid side\n'],
    ['forbidden_origin', 403, 'forbidden origin\n'],
  ])('go out as it sends them: %s', (code, status, body) => {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8' };
    expect(httpAnswer(new ApiError(code))).toEqual({ status, body, headers });
  });

  it('take their headers with them', () => {
    expect(httpAnswer(new ApiError('method_not_allowed', { Allow: 'POST' })).headers).toMatchObject({ Allow: 'POST' });
  });
});

describe("the errors of this server's own", () => {
  it.each<[ApiErrorCode, number]>([
    ['too_many_failed_redeems', 429],
    ['codes_exhausted', 503],
    ['bad_claim', 400],
    ['bad_conversation', 400],
    ['not_permitted', 401],
    ['permissions_unavailable', 503],
    ['upgrade_required', 426],
    ['over_capacity', 503],
    ['draining', 503],
    ['not_found', 404],
    ['internal_error', 500],
  ])('are JSON with a stable code: %s', (code, status) => {
    const answer = httpAnswer(new ApiError(code, { 'Retry-After': '5' }));
    expect(answer.status).toBe(status);
    expect(answer.headers).toEqual({ 'Retry-After': '5', 'Content-Type': 'application/json; charset=utf-8' });
    expect(json(new ApiError(code))).toEqual({ statusCode: status, code, message: expect.any(String) as string });
  });
});

describe("Nest's exceptions", () => {
  it('keep what they say, with a code made of their status', () => {
    expect(json(new NotFoundException('Cannot GET /x'))).toEqual({
      statusCode: 404,
      code: 'not_found',
      error: 'Not Found',
      message: 'Cannot GET /x',
    });
    expect(json(new HttpException('too much', 413))).toEqual({
      statusCode: 413,
      code: 'payload_too_large',
      message: 'too much',
    });
  });

  it('keep a code of their own', () => {
    expect(json(new BadRequestException({ statusCode: 400, code: 'special', message: 'm' }))).toMatchObject({
      code: 'special',
    });
  });

  it('have a code also where their status has no name', () => {
    expect(json(new HttpException('?', 499))).toMatchObject({ statusCode: 499, code: 'error' });
  });
});

describe('anything else', () => {
  it.each([new Error('password=secret'), 'secret', undefined, null, { statusCode: 418, secret: 'secret' }])(
    'is a bare 500 that gives nothing away: %p',
    (error) => {
      const answer = httpAnswer(error);
      expect(answer.status).toBe(500);
      expect(answer.body).not.toContain('secret');
      expect(JSON.parse(answer.body)).toEqual({ statusCode: 500, code: 'internal_error', message: 'internal error' });
    },
  );
});

describe('retryAfter', () => {
  it('is in whole seconds, rounded up, at least one', () => {
    const seconds = (ms: number): string => retryAfter(1000 + ms, 1000)['Retry-After'];
    expect([-5000, 0, 1, 1000, 1001, 60_000].map(seconds)).toEqual(['1', '1', '1', '1', '2', '60']);
  });
});
