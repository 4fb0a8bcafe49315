import { ApiProperty } from '@nestjs/swagger';

const EXAMPLE_ROOM = '122cb6f1-0718-4b38-9e9b-aa541827b8d5';
const EXAMPLE_END = '2026-01-01T12:10:00.000Z';

/** The answer to a request for a code. */
export class MintedCode {
  @ApiProperty({ pattern: '^[0-9]{4,8}$', example: '0042', description: 'What one person reads to the other' })
  code!: string;

  @ApiProperty({ format: 'uuid', example: EXAMPLE_ROOM, description: 'The room behind the code, for `/ws?appID=`' })
  appID!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_END, description: 'When the code ends; the room does not' })
  expiresAt!: string;
}

/** The answer to a redeemed code. */
export class RedeemedCode {
  @ApiProperty({ format: 'uuid', example: EXAMPLE_ROOM })
  appID!: string;

  @ApiProperty({ format: 'date-time', example: EXAMPLE_END, description: 'As it was told to who asked for the code' })
  expiresAt!: string;
}

/** What redeeming needs; further members are ignored. */
export class RedeemRequest {
  @ApiProperty({ pattern: '^[0-9]{4,8}$', example: '0042' })
  code!: string;
}
