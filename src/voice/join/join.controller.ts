import { Controller, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { ApiErrors } from '../../core/http/api-errors.js';
import { HttpRateGuard } from '../../core/limits/http-rate.guard.js';
import { CLAIM_HEADER, parseUserClaim } from '../claims/user-claim.js';
import { VoiceSwitch } from '../switch/voice-switch.js';
import { ConversationPipe } from './conversation.pipe.js';
import { JoinService } from './join.service.js';

@ApiTags('voice')
@UseGuards(HttpRateGuard)
@Controller('join')
export class JoinController {
  constructor(
    private readonly service: JoinService,
    private readonly voiceSwitch: VoiceSwitch,
  ) {}

  @Post(':conversationid')
  @RouteConfig({ ignoresBody: true })
  @HttpCode(200)
  @ApiOperation({
    summary: 'Move a user into a voice conversation',
    description:
      'All clients of the user, now and later, out of their former conversation. Body and content type are ignored.',
  })
  @ApiHeader({
    name: 'X-User-Claim',
    description: 'Who asks, `{"userid":"…","clientid":"…"}`; the authenticating proxy adds it',
  })
  @ApiParam({ name: 'conversationid', type: String, description: 'The conversation, percent-encoded' })
  @ApiOkResponse({ description: 'The user is in; no body' })
  @ApiErrors({
    bad_claim: 'X-User-Claim is missing, not JSON, or names not both',
    bad_conversation: 'an id of more than 512 characters',
    not_permitted: 'the permission service does not let this user in',
    not_found: 'this server has no voice conversations',
    rate_limited: 'too many requests from this address',
    permissions_unavailable: 'the permission service does not answer',
    unavailable: 'this node counts requests, and is without its Redis',
  })
  join(
    @Headers(CLAIM_HEADER) claim: string | undefined,
    @Param('conversationid', ConversationPipe) conversation: string,
  ): Promise<void> {
    this.voiceSwitch.assertOn();
    return this.service.join(parseUserClaim(claim).user, conversation);
  }
}
