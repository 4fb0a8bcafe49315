import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiPayloadTooLargeResponse, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../core/clock.js';
import { ApiErrors, ErrorBody } from '../core/http/api-errors.js';
import { ClientAddress } from '../core/limits/client-address.js';
import { HttpRateGuard } from '../core/limits/http-rate.guard.js';
import type { Attempt } from './code-store.js';
import { RawRequest, RedeemPipe } from './redeem.pipe.js';
import { MintedCode, RedeemedCode, RedeemRequest } from './rendezvous.dto.js';
import { RendezvousService } from './rendezvous.service.js';

@ApiTags('rendezvous')
@UseGuards(HttpRateGuard)
@Controller('rendezvous')
export class RendezvousController {
  constructor(
    private readonly rendezvous: RendezvousService,
    private readonly addresses: ClientAddress,
    private readonly clock: Clock,
  ) {}

  @Post('code')
  @RouteConfig({ ignoresBody: true })
  @HttpCode(200)
  @ApiOperation({ summary: 'Mint a code', description: 'Body and content type are ignored.' })
  @ApiOkResponse({ type: MintedCode, description: 'A code that nobody else has' })
  @ApiErrors({
    rate_limited: 'too many requests from this address',
    codes_exhausted: 'every code is in use',
    unavailable: 'this node is without its Redis',
  })
  async mint(): Promise<MintedCode> {
    const { code, appID, expiresAt } = await this.rendezvous.mint(this.clock.now());
    return { code, appID, expiresAt: new Date(expiresAt).toISOString() };
  }

  @Post('redeem')
  @HttpCode(200)
  @ApiOperation({ summary: 'Redeem a code, once' })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    description: 'The same key with the same code gets the same answer again, as long as the code would have lived',
  })
  @ApiBody({ type: RedeemRequest })
  @ApiOkResponse({ type: RedeemedCode, description: 'The code was right, and is used up' })
  @ApiErrors({
    bad_content_type: 'not application/json',
    bad_request: 'no JSON object with a code of 4 to 8 digits, or too long an Idempotency-Key',
    gone: 'unknown, used or expired',
    rate_limited: 'too many requests from this address',
    too_many_failed_redeems: 'too many failures of this address; nothing was tried',
    unavailable: 'this node is without its Redis',
  })
  @ApiPayloadTooLargeResponse({
    type: ErrorBody,
    example: { statusCode: 413, code: 'payload_too_large', message: 'Request body is too large' },
    description: 'A body of more than 16 KiB',
  })
  async redeem(
    @RawRequest(RedeemPipe) attempt: Omit<Attempt, 'guesser'>,
    @RawRequest() request: FastifyRequest,
  ): Promise<RedeemedCode> {
    const guesser = this.addresses.of(request.raw);
    const { appID, expiresAt } = await this.rendezvous.redeem({ ...attempt, guesser }, this.clock.now());
    return { appID, expiresAt: new Date(expiresAt).toISOString() };
  }
}
