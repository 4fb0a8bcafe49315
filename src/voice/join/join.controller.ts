import { Controller, Headers, HttpCode, Param, Post, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiHeader, ApiOkResponse, ApiOperation, ApiParam, ApiResponse, ApiTags } from '@nestjs/swagger';
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
  @ApiResponse({ status: 400, description: 'No usable claim (`bad_claim`), or too long an id (`bad_conversation`)' })
  @ApiResponse({ status: 401, description: 'The permission service does not let this user in (`not_permitted`)' })
  @ApiResponse({ status: 404, description: 'This server has no voice conversations (`not_found`)' })
  @ApiResponse({ status: 429, description: 'Too many requests from this address; see Retry-After' })
  @ApiResponse({ status: 503, description: 'The permission service does not answer (`permissions_unavailable`)' })
  join(
    @Headers(CLAIM_HEADER) claim: string | undefined,
    @Param('conversationid', ConversationPipe) conversation: string,
  ): Promise<void> {
    this.voiceSwitch.assertOn();
    return this.service.join(parseUserClaim(claim).user, conversation);
  }
}
