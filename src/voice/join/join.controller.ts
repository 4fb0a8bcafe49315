import { Controller, Headers, HttpCode, Param, Post } from '@nestjs/common';
import { CLAIM_HEADER, parseUserClaim } from '../claims/user-claim.js';
import { Whereabouts } from '../whereabouts.js';

@Controller('join')
export class JoinController {
  constructor(private readonly whereabouts: Whereabouts) {}

  @Post(':conversationid')
  @HttpCode(200)
  join(@Headers(CLAIM_HEADER) claim: string, @Param('conversationid') conversation: string): void {
    this.whereabouts.move(parseUserClaim(claim).user, conversation);
  }
}
