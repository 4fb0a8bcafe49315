import { ApiProperty } from '@nestjs/swagger';

/** The answer to a request for a code. */
export class MintedCode {
  @ApiProperty({ pattern: '^[0-9]{4,8}$', example: '0042', description: 'What one person reads to the other' })
  code!: string;

  @ApiProperty({ format: 'uuid', description: 'The room behind the code, for `/ws?appID=`' })
  appID!: string;

  @ApiProperty({ format: 'date-time', description: 'When the code ends; the room does not' })
  expiresAt!: string;
}

/** The answer to a redeemed code. */
export class RedeemedCode {
  @ApiProperty({ format: 'uuid' })
  appID!: string;

  @ApiProperty({ format: 'date-time', description: 'As it was told to who asked for the code' })
  expiresAt!: string;
}

/** What redeeming needs; further members are ignored. */
export class RedeemRequest {
  @ApiProperty({ pattern: '^[0-9]{4,8}$', example: '0042' })
  code!: string;
}
