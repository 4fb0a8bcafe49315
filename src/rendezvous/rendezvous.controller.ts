import { Controller, HttpCode, Post, UseGuards } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { Clock } from '../core/clock.js';
import { ClientAddress } from '../core/limits/client-address.js';
import { HttpRateGuard } from '../core/limits/http-rate.guard.js';
import type { Attempt } from './code-store.js';
import { RawRequest, RedeemPipe } from './redeem.pipe.js';
import { MintedCode, RedeemedCode, RedeemRequest } from './rendezvous.dto.js';
import { RendezvousService } from './rendezvous.service.js';

@ApiTags('rendezvous')
@ApiResponse({
  status: 429,
  description: 'Too many requests, or too many failed redeems, from this address; see Retry-After',
})
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
  @ApiResponse({
    status: 503,
    description: 'Every code is in use (`codes_exhausted`), or Redis is away (`unavailable`); see Retry-After',
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
  @ApiResponse({ status: 400, description: '`bad request`: no JSON object with a code of 4 to 8 digits' })
  @ApiResponse({ status: 410, description: '`gone`: unknown, used or expired' })
  @ApiResponse({ status: 413, description: 'A body of more than 16 KiB' })
  @ApiResponse({ status: 415, description: '`bad content-type`: not application/json' })
  @ApiResponse({ status: 503, description: 'Redis is away (`unavailable`); see Retry-After' })
  async redeem(
    @RawRequest(RedeemPipe) attempt: Omit<Attempt, 'guesser'>,
    @RawRequest() request: FastifyRequest,
  ): Promise<RedeemedCode> {
    const guesser = this.addresses.of(request.raw);
    const { appID, expiresAt } = await this.rendezvous.redeem({ ...attempt, guesser }, this.clock.now());
    return { appID, expiresAt: new Date(expiresAt).toISOString() };
  }
}
